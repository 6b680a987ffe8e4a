"""What can be reached from the internet, and which container a request goes to."""

from __future__ import annotations

from collections.abc import Iterator

from rig.facts.gcp.finding import run
from rig.facts.plan import MissingResourceError, PlannedResource
from rig.facts.scene import Scene, Seen

WORLD = ("0.0.0.0/0", "::/0")
EVERYBODY = ("allUsers", "allAuthenticatedUsers")


def only_the_balancer_is_reachable(scene: Scene) -> Iterator[Seen]:
    """Services take requests of the balancer or of the network only; no rule and no grant lets everybody in."""
    routed = {route.container for route in scene.deployment.routes}
    for rule in scene.root.of("google_compute_firewall"):
        inward = rule.at("direction") != "EGRESS" and bool(rule.at("allow"))
        yield Seen.of(
            rule.address,
            {"lets the internet in": inward and bool({*WORLD} & {*(rule.at("source_ranges") or WORLD)})},
        )
    for module in scene.modules:
        for grant in (resource for resource in module if "_iam_" in resource.type):
            members = [grant.at("member"), *(grant.at("members") or [])]
            yield Seen.of(grant.address, {"grants something to everybody": any(one in EVERYBODY for one in members)})
    for name, container in scene.containers().items():
        reachable = run(scene, name).reachable(container, routed=name in routed)
        yield Seen.of(name, dict(reachable))


def serving(scene: Scene) -> PlannedResource:
    """Return the URL map that the forwarding rule for users leads to. Raises MissingResourceError."""
    rule = scene.root.only("google_compute_global_forwarding_rule", port_range="443" if scene.https else "80")
    proxy = scene.root.only(f"google_compute_target_http{'s' * scene.https}_proxy", id=rule.values["target"])
    return scene.root.only("google_compute_url_map", id=proxy.values["url_map"])


def _backend(scene: Scene, name: str) -> PlannedResource:
    """Return the backend service that leads to a container's Cloud Run service. Raises MissingResourceError."""
    groups = run(scene, name).groups(scene.root)
    found = [
        backend
        for backend in scene.root.of("google_compute_backend_service")
        if [block["group"] for block in backend.blocks("backend")] == groups
    ]
    if len(found) != 1:
        raise MissingResourceError(f"{len(found)} backend services lead to {name}, not one")
    return found[0]


def routes_lead_to_their_container(scene: Scene) -> Iterator[Seen]:
    """The default service and the path rules of the URL map lead to backends, and these to Cloud Run services."""
    if not scene.deployment.routes:
        return
    url_map = serving(scene)
    found = {path: rule["service"] for rule in url_map.blocks("path_matcher", "path_rule") for path in rule["paths"]}
    stems = [route.path.rstrip("/") for route in scene.deployment.routes if route.path != "/"]
    wanted = {path for stem in stems for path in (stem, f"{stem}/*")}
    yield Seen.of(url_map.address, {f"has the paths {sorted(found)}": set(found) != wanted})
    for route in scene.deployment.routes:
        backend = _backend(scene, route.container)
        faults = {"its backend uses another scheme": backend.at("load_balancing_scheme") != "EXTERNAL_MANAGED"}
        if route.path == "/":
            defaults = [url_map.at("default_service")]
            defaults += [
                block["default_service"]
                for block in url_map.blocks("path_matcher")
                if not block.get("default_url_redirect")
            ]
            faults["a default leads elsewhere"] = any(one != backend.values["id"] for one in defaults)
        else:
            stem = route.path.rstrip("/")
            faults["its rule leads elsewhere"] = any(
                found.get(path) != backend.values["id"] for path in (stem, f"{stem}/*")
            )
        if scene.deployment.load_balancer and scene.deployment.load_balancer.waf:
            faults["no firewall looks at its requests"] = not backend.at("security_policy")
        yield Seen.of(f"{route.path} -> {route.container}", faults)


def aliases_redirect(scene: Scene) -> Iterator[Seen]:
    """Each alias leads to the load balancer, is answered with a certificate for it, and redirects to the domain."""
    balancer = scene.deployment.load_balancer
    if balancer is None or not scene.deployment.routes:
        return
    url_map = serving(scene)
    matchers = {block["name"]: block for block in url_map.blocks("path_matcher")}
    hosts = {host: matchers[rule["path_matcher"]] for rule in url_map.blocks("host_rule") for host in rule["hosts"]}
    named = sorted(hosts.keys() - {"*"})
    yield Seen.of(url_map.address, {f"knows the names {named}": named != sorted(balancer.aliases)})
    entrance = scene.root.get("google_compute_global_address", "load_balancer").values["address"]
    for alias in balancer.aliases:
        record = scene.root.only("google_dns_record_set", name=f"{alias}.", type="A")
        redirect = (hosts.get(alias, {}).get("default_url_redirect") or [{}])[0]
        faults = {
            "leads elsewhere": record.at("rrdatas") != [entrance],
            "redirects elsewhere": redirect.get("host_redirect") != balancer.domain,
            "does not redirect for good": redirect.get("redirect_response_code") != "MOVED_PERMANENTLY_DEFAULT",
            "loses the path": bool(redirect.get("path_redirect") or redirect.get("prefix_redirect")),
            "loses the query": redirect.get("strip_query") is not False,
        }
        if scene.https:
            entry = scene.root.only("google_certificate_manager_certificate_map_entry", hostname=alias)
            certificate = scene.root.only(
                "google_certificate_manager_certificate", id=(entry.at("certificates") or [None])[0]
            )
            card = scene.root.only("google_certificate_manager_certificate_map")
            faults["the certificate is for another name"] = certificate.at("managed", "domains") != [alias]
            faults["its certificate is on another map"] = entry.at("map") != card.values["name"]
        yield Seen.of(alias, faults)


def plain_http_is_redirected(scene: Scene) -> Iterator[Seen]:
    """The URL map at port 80 redirects where there is HTTPS, else it serves."""
    if scene.deployment.load_balancer is None:
        return
    rule = scene.root.only("google_compute_global_forwarding_rule", port_range="80")
    proxy = scene.root.only("google_compute_target_http_proxy", id=rule.values["target"])
    url_map = scene.root.only("google_compute_url_map", id=proxy.values["url_map"])
    redirect = (
        url_map.at("default_url_redirect", "https_redirect") is True
        and url_map.at("default_url_redirect", "redirect_response_code") == "MOVED_PERMANENTLY_DEFAULT"
    )
    yield Seen.of(
        rule.address,
        {
            "does not redirect to HTTPS": scene.https and not redirect,
            "leads to a backend beside the redirect": scene.https and bool(url_map.at("default_service")),
            "does not serve": not scene.https and not url_map.at("default_service"),
            "has another scheme": rule.at("load_balancing_scheme") != "EXTERNAL_MANAGED",
        },
    )


def tls_is_modern(scene: Scene) -> Iterator[Seen]:
    """The HTTPS proxy has an SSL policy and a certificate for the domain, and the domain leads to it."""
    balancer = scene.deployment.load_balancer
    if balancer is None:
        return
    rules = scene.root.where("google_compute_global_forwarding_rule", port_range="443")
    if not scene.https:
        yield Seen.of("no HTTPS", {"there is a forwarding rule for 443": bool(rules)})
        return
    proxy = scene.root.only("google_compute_target_https_proxy")
    policy = scene.root.only("google_compute_ssl_policy", id=proxy.values["ssl_policy"])
    entry = scene.root.only("google_certificate_manager_certificate_map_entry", hostname=balancer.domain)
    certificate = scene.root.only("google_certificate_manager_certificate", id=(entry.at("certificates") or [None])[0])
    card = scene.root.only("google_certificate_manager_certificate_map", name=entry.values["map"])
    record = scene.root.only("google_dns_record_set", name=f"{balancer.domain}.", type="A")
    addresses = {one.values["id"]: one.values["address"] for one in scene.root.of("google_compute_global_address")}
    entrance = {addresses.get(rule.at("ip_address")) for rule in scene.root.of("google_compute_global_forwarding_rule")}
    yield Seen.of(
        proxy.address,
        {
            "allows TLS 1.1 or older": policy.at("min_tls_version") not in ("TLS_1_2", "TLS_1_3"),
            "has another certificate map": not str(proxy.at("certificate_map")).endswith(card.values["id"]),
            "the certificate is for another domain": certificate.at("managed", "domains") != [balancer.domain],
            "does not wait for its certificate": not proxy.is_after(entry.address),
            "the domain leads elsewhere": entrance != set(record.at("rrdatas") or []),
        },
    )
