# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# A repository for each image that is built: images must exist before the services that run them.

resource "aws_ecr_repository" "web" {
  # checkov:skip=CKV_AWS_136: security.encryption is provider_managed
  name = "shop-dev/web"

  # What was deployed under a tag stays what it was.
  image_tag_mutability = "IMMUTABLE"
  force_delete         = true

  image_scanning_configuration {
    scan_on_push = true
  }
}

resource "aws_ecr_lifecycle_policy" "web" {
  repository = aws_ecr_repository.web.name
  policy = jsonencode({
    rules = [
      {
        rulePriority = 1
        description  = "Images without a tag go after 14 days"
        selection = {
          tagStatus   = "untagged"
          countType   = "sinceImagePushed"
          countUnit   = "days"
          countNumber = 14
        }
        action = { type = "expire" }
      },
      {
        rulePriority = 2
        description  = "The newest 50 images stay"
        selection = {
          tagStatus   = "any"
          countType   = "imageCountMoreThan"
          countNumber = 50
        }
        action = { type = "expire" }
      },
    ]
  })
}
