"""A module that takes for ever to import: says `importing` on stdout when it begins. Copied under a module's name."""

import select
import sys

sys.stdout.write("importing\n")
sys.stdout.flush()
while True:
    select.select((), (), (), 0.1)
