"""A day's work as one file: what was read, the recipe, and what was chosen on the pages."""

from analytics.project.memory import Memory, memory_of_text
from analytics.project.opening import open_project
from analytics.project.project import Project, ProjectError, save_project

__all__ = ["Memory", "Project", "ProjectError", "memory_of_text", "open_project", "save_project"]
