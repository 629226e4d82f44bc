#!/usr/bin/env python3
"""compare.py SCRIPT PROGRAM: both must succeed and print the same."""
import subprocess
import sys

script, program = sys.argv[1:]
outputs = []
for command in ([sys.executable, script], [program]):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, timeout=30)
    if done.returncode:
        sys.exit(f"{command[-1]} ended with status {done.returncode}")
    outputs.append(done.stdout)
if outputs[0] != outputs[1]:
    sys.exit(f"the outputs differ\n--- {script}\n{outputs[0]}--- {program}\n{outputs[1]}")
