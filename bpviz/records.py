"""NamedTuple: what typing's is to a reader and to a type checker, at a tenth of its price to whoever waits.

A cold bpviz draw defines some fifty records before it draws. For each of them typing.NamedTuple compiles every
annotation and a constructor from text, and a dataclass several methods, after importing inspect: together that was a
quarter of all that Python did before the first figure. Here a class statement is all that a record costs; its
constructor is shared, and as fast as a compiled one.

A record with cached properties may keep them (typing's may not); every other takes no more room than its tuple.
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing's, without the import of typing: checkers know the name
if TYPE_CHECKING:
    from typing import Any, NamedTuple
else:
    from collections import _tuplegetter  # what namedtuple's fields are read with
    from functools import cached_property

    class Meta(type):
        """Makes a field of each annotation, and takes the room for a __dict__ only where something is cached."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            fields = tuple(body.get("__annotations__", ()))
            if fields:
                defaults = {field: body[field] for field in fields if field in body}
                getters = {field: _tuplegetter(i, field) for i, field in enumerate(fields)}
                body = {**body, **getters, "_fields": fields, "__match_args__": fields, "_field_defaults": defaults}
            elif bases and not getattr(bases[0], "_fields", ()) and bases != (tuple,):
                raise TypeError(f"{name} annotates no field, or its module does not import annotations from __future__")
            if not any(isinstance(each, cached_property) for each in body.values()):
                body.setdefault("__slots__", ())
            return super().__new__(cls, name, bases, body)

    class NamedTuple(tuple, metaclass=Meta):
        """A tuple whose entries have names: annotate them in a class that derives from this one."""

        _fields = ()
        _field_defaults = {}  # noqa: RUF012  never changed

        def __new__(cls, /, *values: Any, **named: Any) -> NamedTuple:
            """Return a record of values for its fields, in their order or by their names."""
            if named or len(values) != len(cls._fields):
                values = cls._filled(values, named)
            return tuple.__new__(cls, values)

        @classmethod
        def _filled(cls, values: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
            """Return a value for each field: by position, by name, or its default."""
            rest = cls._fields[len(values) :]
            given = {**{name: cls._field_defaults[name] for name in rest if name in cls._field_defaults}, **named}
            if len(values) > len(cls._fields) or given.keys() != set(rest):
                raise TypeError(f"{cls.__name__} takes {', '.join(cls._fields)}, not {(*values, *named.items())}"[:500])
            return (*values, *(given[name] for name in rest))

        @classmethod
        def _make(cls, values: Any) -> NamedTuple:
            return cls(*values)

        def _replace(self, /, **named: Any) -> NamedTuple:
            return type(self)(**{**self._asdict(), **named})

        def _asdict(self) -> dict[str, Any]:
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self) -> str:
            return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self._asdict().items())})"

        def __getnewargs__(self) -> tuple[Any, ...]:
            return tuple(self)


__all__ = ["NamedTuple"]
