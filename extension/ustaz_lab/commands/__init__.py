"""The commands of ``ustaz``, by what they are about."""
