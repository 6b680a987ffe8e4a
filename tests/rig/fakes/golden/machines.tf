# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# A machine for each container.

resource "fake_machine" "worker" {
  name   = "worker"
  planet = "mars"
  vcpu   = 1
  memory = 2048
  labels = {
    team = "shop"
  }
}
