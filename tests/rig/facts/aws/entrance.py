"""What can be reached from the internet, and which container a request goes to."""

from __future__ import annotations

from collections.abc import Iterator

from rig.facts.aws.runners import runner
from rig.facts.plan import PlannedResource
from rig.facts.scene import Scene, Seen, label

WORLD = ("0.0.0.0/0", "::/0")
MODERN = ("ELBSecurityPolicy-TLS13-1-2-", "ELBSecurityPolicy-TLS13-1-3-")
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html"""


def from_anywhere(scene: Scene) -> list[PlannedResource]:
    """Return the rules that let everybody in."""
    return [
        rule
        for rule in scene.root.of("aws_vpc_security_group_ingress_rule")
        if rule.at("cidr_ipv4") in WORLD or rule.at("cidr_ipv6") in WORLD
    ]


def only_the_balancer_is_reachable(scene: Scene) -> Iterator[Seen]:
    """Tasks have no public address, and rules let everybody in at ports 80 and 443 of the balancer only."""
    balancer = [group.values["id"] for group in scene.root.of("aws_security_group") if group.label == "load_balancer"]
    private = {subnet.values["id"] for subnet in scene.root.of("aws_subnet") if subnet.label == "private"}
    for rule in from_anywhere(scene):
        yield Seen.of(
            rule.address,
            {
                "lets everybody in, and not at the load balancer": rule.at("security_group_id") not in balancer,
                "opens another port than 80 or 443": (rule.at("from_port"), rule.at("to_port"))
                not in ((80, 80), (443, 443)),
            },
        )
    for group in scene.root.of("aws_default_security_group"):
        yield Seen.of(group.address, {"has rules": bool(group.at("ingress") or group.at("egress"))})
    for balancer_ in scene.root.of("aws_lb"):
        yield Seen.of(balancer_.address, {"has other security groups": balancer_.at("security_groups") != balancer})
    for name in scene.containers():
        one = runner(scene, name)
        rules = [
            rule
            for group in one.groups
            for rule in scene.root.where("aws_vpc_security_group_ingress_rule", security_group_id=group)
        ]
        routed = name in {route.container for route in scene.deployment.routes}
        wanted = balancer if routed and not one.invoked else []
        outside = one.invoked and not one.groups
        found = [rule.at("referenced_security_group_id") for rule in rules]
        yield Seen.of(
            name,
            {
                "its tasks have public addresses": not one.hidden,
                "its tasks are not in the private subnets": not private
                or (not outside and set(one.subnets) != private),
                "takes requests from elsewhere than the load balancer": found != wanted,
            },
        )


def listener(scene: Scene) -> PlannedResource:
    """Return the listener that serves the application. Raises MissingResourceError."""
    return scene.root.only("aws_lb_listener", port=443 if scene.https else 80)


def routes_lead_to_their_container(scene: Scene) -> Iterator[Seen]:
    """The listener's default action and its rules, in the order of their priorities, lead to target groups."""
    if not scene.deployment.routes:
        return
    serving = listener(scene)
    rules = [rule for rule in _rules(scene, serving) if not rule.at("condition", "host_header")]
    paths = [route for route in scene.deployment.routes if route.path != "/"]
    if len(rules) != len(paths):
        yield Seen(serving.address, (f"has {len(rules)} rules for {len(paths)} paths",))
    for route in scene.deployment.routes:
        group = scene.root.get("aws_lb_target_group", label(route.container))
        one = runner(scene, route.container)
        faults = {
            "the target group is not that of its service": one.target_group != group.values["arn"],
        }
        if route.path == "/":
            faults["the default action leads elsewhere"] = (
                serving.at("default_action", "target_group_arn") != group.values["arn"]
            )
        else:
            # The longest path comes first, both in the deployment and among the rules.
            rule = rules[paths.index(route)] if len(rules) == len(paths) else None
            stem = route.path.rstrip("/")
            found = set(rule.at("condition", "path_pattern", "values") or []) if rule else set()
            faults["its rule has other paths, or another place among the rules"] = found != {stem, f"{stem}/*"}
            faults["its rule leads elsewhere"] = (
                rule is None or rule.at("action", "target_group_arn") != group.values["arn"]
            )
        yield Seen.of(f"{route.path} -> {route.container}", faults)


def _rules(scene: Scene, serving: PlannedResource) -> list[PlannedResource]:
    """Return the rules of a listener, the one that is asked first at the front."""
    rules = scene.root.where("aws_lb_listener_rule", listener_arn=serving.values["arn"])
    return sorted(rules, key=lambda rule: rule.at("priority"))


def aliases_redirect(scene: Scene) -> Iterator[Seen]:
    """Each alias leads to the load balancer, is answered with a certificate for it, and redirects to the domain."""
    balancer = scene.deployment.load_balancer
    if balancer is None or not scene.deployment.routes:
        return
    serving = listener(scene)
    rules = _rules(scene, serving)
    shown = {
        each.at("certificate_arn")
        for each in scene.root.where("aws_lb_listener_certificate", listener_arn=serving.values["arn"])
    }
    named = [name for rule in rules for name in rule.at("condition", "host_header", "values") or []]
    yield Seen.of(serving.address, {f"knows the names {sorted(named)}": sorted(named) != sorted(balancer.aliases)})
    entrance = scene.root.only("aws_lb").values["dns_name"]
    for alias in balancer.aliases:
        record = scene.root.only("aws_route53_record", name=alias)
        first = rules[0] if rules else serving
        redirect = (first.at("action", "redirect") or [{}])[0]
        faults = {
            "leads elsewhere": record.at("alias", "name") != entrance,
            "a path is looked at first": alias not in (first.at("condition", "host_header", "values") or []),
            "redirects elsewhere": redirect.get("host") != balancer.domain,
            "does not redirect for good": redirect.get("status_code") != "HTTP_301",
            "loses the path": redirect.get("path") not in (None, "/#{path}"),
            "loses the query": redirect.get("query") not in (None, "#{query}"),
        }
        if scene.https:
            certificate = scene.root.only("aws_acm_certificate", domain_name=alias).values["arn"]
            faults["no listener shows its certificate"] = certificate not in shown
        yield Seen.of(alias, faults)


def plain_http_is_redirected(scene: Scene) -> Iterator[Seen]:
    """The listener at port 80 redirects where there is HTTPS, else it serves."""
    if scene.deployment.load_balancer is None:
        return
    http = scene.root.only("aws_lb_listener", port=80)
    redirect = http.at("default_action", "redirect") or [{}]
    wanted = {"port": "443", "protocol": "HTTPS", "status_code": "HTTP_301"}
    yield Seen.of(
        http.address,
        {
            "does not redirect to HTTPS": scene.https and not wanted.items() <= dict(redirect[0]).items(),
            "has rules beside the redirect": scene.https
            and bool(scene.root.where("aws_lb_listener_rule", listener_arn=http.values["arn"])),
            "does not serve": not scene.https and http.at("default_action", "type") != "forward",
        },
    )


def tls_is_modern(scene: Scene) -> Iterator[Seen]:
    """The HTTPS listener has a modern policy and a certificate for the domain, and the domain leads to it."""
    balancer = scene.deployment.load_balancer
    if balancer is None:
        return
    domain = balancer.domain
    if not scene.https:
        yield Seen.of("no HTTPS", {"there is a listener at 443": bool(scene.root.where("aws_lb_listener", port=443))})
        return
    https = listener(scene)
    certificate = scene.root.only("aws_acm_certificate", domain_name=domain)
    record = scene.root.only("aws_route53_record", name=domain)
    entrance = scene.root.only("aws_lb")
    yield Seen.of(
        https.address,
        {
            "allows TLS 1.1 or older": not str(https.at("ssl_policy")).startswith(MODERN),
            "is not HTTPS": https.at("protocol") != "HTTPS",
            "has another certificate": https.at("certificate_arn") != certificate.values["arn"],
            "does not wait for the certificate": not https.is_after("aws_acm_certificate_validation.main"),
            "the certificate is not renewed by itself": certificate.at("validation_method") != "DNS",
            "the domain leads elsewhere": record.at("alias", "name") != entrance.values["dns_name"],
        },
    )
