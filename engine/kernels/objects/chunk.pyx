"""Consecutive runs of equal keys over Python objects."""


def ready():
    return True
