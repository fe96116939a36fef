"""Package mapping only: the top-level folders install under `mockex`, so that they never collide with a user's own."""

from setuptools import find_namespace_packages, setup

OUTSIDE = {"mockex.clients": "clients", "mockex.conformance": "conformance", "mockex.fixtures": "fixtures"}

packages = find_namespace_packages(include=["mockex", "mockex.*"])
for name, folder in OUTSIDE.items():
    packages += [name] + [f"{name}.{sub}" for sub in find_namespace_packages(where=folder)]

setup(packages=packages, package_dir=OUTSIDE)
