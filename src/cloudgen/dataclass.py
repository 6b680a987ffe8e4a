"""Value classes: what cloudgen uses of the standard `dataclasses`, without its price.

The standard module writes and compiles source text for each class, which took a fifth of a render. Here the methods
of all classes are the same few closures. `dataclass_transform` (PEP 681) tells type checkers that all else is alike.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, dataclass_transform, overload

if TYPE_CHECKING:
    from collections.abc import Callable

_T = TypeVar("_T")
_Class = TypeVar("_Class", bound=type)

_FIELDS = "__value_fields__"
"""The attribute of a class that holds the names of its fields, in order, with their defaults; its bases' first."""
_MISSING: Any = object()


class _Made:
    """A default that is made anew for each object."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


def field(*, default: Any = _MISSING, default_factory: Callable[[], Any] = _MISSING) -> Any:
    """Give a field a default, or a function that makes one for each object."""
    return default if default_factory is _MISSING else _Made(default_factory)


@overload
def dataclass(cls: _Class, /) -> _Class: ...
@overload
def dataclass(*, frozen: bool = False) -> Callable[[_Class], _Class]: ...
@dataclass_transform(field_specifiers=(field,))
def dataclass(cls: Any = None, /, *, frozen: bool = False) -> Any:
    """Give a class `__init__`, `__repr__` and `__eq__` by its annotated names; objects of a frozen one never change.

    A frozen class has `__hash__`, too. What a class defines itself is kept. `__post_init__`, class variables and
    the other options of the standard decorator do not exist.
    """
    return _equip(cls, frozen=frozen) if cls is not None else lambda made: _equip(made, frozen=frozen)


def replace(value: _T, /, **changes: Any) -> _T:
    """Return a copy with some fields changed. Raises `TypeError` for a field that does not exist."""
    state = {name: getattr(value, name) for name in fields(value)}
    return type(value)(**(state | changes))


def fields(value: object) -> tuple[str, ...]:
    """Return the names of the fields of a value class or of its object, in order, those of bases first."""
    return tuple(getattr(value, _FIELDS))


def is_dataclass(value: object) -> bool:
    """Whether something is an object of a value class."""
    return hasattr(type(value), _FIELDS)


def _equip(cls: Any, *, frozen: bool) -> Any:
    own = vars(cls)
    members = {
        **getattr(cls, _FIELDS, {}),
        **{name: own.get(name, _MISSING) for name in own.get("__annotations__", ())},
    }
    # An attribute of the class answers for a default, but not for one that is made for each object.
    for name in [name for name, default in members.items() if isinstance(default, _Made) and name in own]:
        delattr(cls, name)
    values: Callable[[Any], Any] = attrgetter(*members) if members else lambda _: ()

    def equal(self: Any, other: object) -> bool:
        return values(self) == values(other) if type(self) is type(other) else NotImplemented

    def hashed(self: Any) -> int:
        return hash(values(self))

    methods: dict[str, Any] = {"__init__": _initializer(cls.__name__, members), "__repr__": _shown, "__eq__": equal}
    if frozen:
        methods |= {"__hash__": hashed, "__setattr__": _refuse, "__delattr__": _refuse}
    for name, method in methods.items():
        # Python itself puts None for `__hash__` where there is an `__eq__`.
        if own.get(name) is None:
            setattr(cls, name, method)
    if not frozen:
        cls.__hash__ = None
    setattr(cls, _FIELDS, members)
    return cls


def _initializer(title: str, members: dict[str, Any]) -> Callable[..., None]:
    names = tuple(members)
    put = object.__setattr__

    def initialize(self: Any, *args: Any, **kwargs: Any) -> None:
        for name, value in zip(names, args, strict=False):
            put(self, name, value)
        for name in names[len(args) :]:
            if name in kwargs:
                put(self, name, kwargs.pop(name))
            elif (default := members[name]) is _MISSING:
                raise TypeError(f"{title} lacks {name}")
            elif isinstance(default, _Made):
                put(self, name, default.make())
        if kwargs or len(args) > len(names):
            raise TypeError(f"{title} takes each of {', '.join(names)} once, and nothing else")

    return initialize


def _shown(self: Any) -> str:
    listed = ", ".join(f"{name}={getattr(self, name)!r}" for name in fields(self))
    return f"{type(self).__qualname__}({listed})"


def _refuse(self: object, name: str, *_: object) -> NoReturn:
    raise AttributeError(f"{type(self).__name__} never changes, and neither does its {name}")
