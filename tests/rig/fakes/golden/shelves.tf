# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# A shelf for each bucket.

resource "fake_shelf" "assets" {
  name   = "assets"
  planet = "mars"
  labels = {
    team = "shop"
  }
}
