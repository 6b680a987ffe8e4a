"""Machines that start for real: the rendered boot files on Debian's systemd, cloud-init and Docker, in systemd-nspawn.

root.py         the disk of a machine as its image has it, made once from this machine's Debian
image.py        the image of the container, `application.py` in it
told.py         what Terraform tells machines, evaluated on the stand-in providers
network.py      the machine's network, and that of the cloud beside it; server.py what answers there
aws.py, gcp.py  the cloud's servers: metadata, secrets, registry, logs; they demand the machine's identity
machine.py      a machine that is switched on, looked at, and switched off
proof.py        what one machine did, and what is wrong with it
trials.py       what is tried: containers of both clouds, and boot files with mistakes in them
"""
