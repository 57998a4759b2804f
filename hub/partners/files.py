"""Files that libraries put here: :mod:`hub.stages.files`, which the IT staff's desk uses as well."""

from hub.stages.files import LARGEST, Kept, clean_name, drop, folder, keep, path_of, recognize

__all__ = ["LARGEST", "Kept", "clean_name", "drop", "folder", "keep", "path_of", "recognize"]
