"""k-diffusion's own sampling.py, loaded without the package's __init__, which imports training dependencies."""

import importlib
import importlib.util
import sys
import types
from pathlib import Path


def load_sampling():
    """The module k_diffusion.sampling of the installed package; its sibling utils is loaded only for append_dims."""
    folder = Path(importlib.util.find_spec('k_diffusion').origin).parent
    package = types.ModuleType('k_diffusion')
    package.__path__ = [str(folder)]
    sys.modules['k_diffusion'] = package
    return importlib.import_module('k_diffusion.sampling')
