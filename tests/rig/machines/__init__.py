"""A machine that starts its container: the rendered script in a real bash, with stand-ins for what it talks to."""
