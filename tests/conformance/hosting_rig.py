"""Hosting a reference client's driver where nothing of mockex can be imported but what clients share."""

HOST_WITHOUT_SIMULATOR = """
import pkgutil, runpy, sys
import mockex.clients
others = {f"mockex.{module.name}" for module in pkgutil.iter_modules(mockex.__path__)}
others |= {"mockex.conformance", "mockex.fixtures"}
others |= {f"mockex.clients.{module.name}" for module in pkgutil.iter_modules(mockex.clients.__path__)}
sys.modules.update(dict.fromkeys(others - {"mockex.clients", "mockex.clients.shared"}))
runpy.run_path(sys.argv[1])["main"](sys.argv[2:])
"""
"""For `python -P -c`, with the host's file and the driver's as arguments. None in `sys.modules` makes an import fail."""
