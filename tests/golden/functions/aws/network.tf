# Rendered by cloudgen from cloudgen.yaml. README.md beside it says how to change or extend it.

# The network: public subnets for the load balancer and NAT, private ones for the containers, isolated ones for data.
# Containers have no public address. Security groups refer to each other.

resource "aws_vpc" "main" {
  cidr_block           = "10.20.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = {
    Name = "darkroom-staging"
  }
}

# The default security group has no rules.
resource "aws_default_security_group" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "public" {
  for_each = {
    "eu-west-1a" = "10.20.0.0/24"
    "eu-west-1b" = "10.20.1.0/24"
  }

  vpc_id            = aws_vpc.main.id
  availability_zone = each.key
  cidr_block        = each.value

  # Only the NAT gateways and the load balancer have public addresses, which they bring themselves.
  map_public_ip_on_launch = false

  tags = {
    Name = "darkroom-staging-public-${each.key}"
  }

  # When a zone is removed, its subnet is deleted last, after everything has moved to the others.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_subnet" "private" {
  for_each = {
    "eu-west-1a" = "10.20.16.0/20"
    "eu-west-1b" = "10.20.32.0/20"
  }

  vpc_id            = aws_vpc.main.id
  availability_zone = each.key
  cidr_block        = each.value

  tags = {
    Name = "darkroom-staging-private-${each.key}"
  }

  # When a zone is removed, its subnet is deleted last, after everything has moved to the others.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_subnet" "isolated" {
  for_each = {
    "eu-west-1a" = "10.20.8.0/24"
    "eu-west-1b" = "10.20.9.0/24"
  }

  vpc_id            = aws_vpc.main.id
  availability_zone = each.key
  cidr_block        = each.value

  tags = {
    Name = "darkroom-staging-isolated-${each.key}"
  }

  # When a zone is removed, its subnet is deleted last, after everything has moved to the others.
  lifecycle {
    create_before_destroy = true
  }
}

# ---- Public routes

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id

  tags = {
    Name = "darkroom-staging"
  }
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id

  tags = {
    Name = "darkroom-staging-public"
  }
}

resource "aws_route" "public_internet" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.main.id
}

resource "aws_route_table_association" "public" {
  for_each = aws_subnet.public

  subnet_id      = each.value.id
  route_table_id = aws_route_table.public.id
}

# ---- Private routes: a table per zone

resource "aws_route_table" "private" {
  for_each = aws_subnet.private

  vpc_id = aws_vpc.main.id

  tags = {
    Name = "darkroom-staging-private-${each.key}"
  }
}

resource "aws_route_table_association" "private" {
  for_each = aws_subnet.private

  subnet_id      = each.value.id
  route_table_id = aws_route_table.private[each.key].id
}

resource "aws_eip" "nat" {
  for_each = toset(["eu-west-1a"])

  domain = "vpc"

  tags = {
    Name = "darkroom-staging-nat-${each.key}"
  }

  depends_on = [aws_internet_gateway.main]
}

resource "aws_nat_gateway" "main" {
  for_each = toset(["eu-west-1a"])

  allocation_id = aws_eip.nat[each.key].id
  subnet_id     = aws_subnet.public[each.key].id

  tags = {
    Name = "darkroom-staging-nat-${each.key}"
  }

  depends_on = [aws_internet_gateway.main]
}

# The zone of the containers, and the zone of the NAT gateway that they use.
resource "aws_route" "private_internet" {
  for_each = {
    "eu-west-1a" = "eu-west-1a"
    "eu-west-1b" = "eu-west-1a"
  }

  route_table_id         = aws_route_table.private[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.main[each.value].id
}

# ---- Isolated routes: within the network only

resource "aws_route_table" "isolated" {
  vpc_id = aws_vpc.main.id

  tags = {
    Name = "darkroom-staging-isolated"
  }
}

resource "aws_route_table_association" "isolated" {
  for_each = aws_subnet.isolated

  subnet_id      = each.value.id
  route_table_id = aws_route_table.isolated.id
}

# ---- Endpoints of AWS services

# The gateway endpoint is free. ECR keeps image layers in S3.
resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.main.id
  service_name      = "com.amazonaws.eu-west-1.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = concat([for table in aws_route_table.private : table.id], [aws_route_table.isolated.id])

  tags = {
    Name = "darkroom-staging-s3"
  }
}

# ---- Flow logs: accepted and rejected connections

resource "aws_cloudwatch_log_group" "flow_logs" {
  name              = "/darkroom-staging/flow-logs"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.main.arn
}

resource "aws_flow_log" "main" {
  iam_role_arn             = aws_iam_role.flow_logs.arn
  log_destination          = aws_cloudwatch_log_group.flow_logs.arn
  traffic_type             = "ALL"
  vpc_id                   = aws_vpc.main.id
  max_aggregation_interval = 60

  tags = {
    Name = "darkroom-staging"
  }
}
