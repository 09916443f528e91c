"""The environment (and a TOML file) -> settings, once, at the start."""

from service.environment.read import Problem, read_settings
from service.environment.variables import VARIABLES, Variable

__all__ = ["VARIABLES", "Problem", "Variable", "read_settings"]
