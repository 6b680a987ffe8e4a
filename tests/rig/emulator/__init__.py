"""An AWS emulator for the real provider: moto behind a proxy, so that the HCL stays exactly as rendered."""
