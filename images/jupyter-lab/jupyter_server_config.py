"""What every notebook server of the platform has in common; sizes and times come as arguments."""

import os

c = get_config()  # noqa: F821, Jupyter runs this file

c.ServerApp.ip = "0.0.0.0"
c.ServerApp.port = 8888
c.ServerApp.port_retries = 0
c.ServerApp.open_browser = False
c.ServerApp.root_dir = os.environ["HOME"]
# The shell of the user has no login shell; terminals get one.
c.ServerApp.terminado_settings = {"shell_command": ["/bin/bash"]}
# Nothing leaves the cluster by itself.
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.news_url = None
c.LabApp.extension_manager = "readonly"
# Without this a kernel that a browser is connected to would never count as idle.
c.MappingKernelManager.cull_connected = True
c.MappingKernelManager.cull_busy = False
