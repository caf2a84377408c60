# make lab     set up if need be, and open the workbook (LANGUAGE=zh for the Chinese edition)
# make test    set up if need be, and run every check
# make board   open the class board (SHARE=1 lets the local network connect)
# make cluster install what searches on several machines need
# PYTHON=/path/to/python3.12 names the Python to set up with

.PHONY: lab board test test-cluster cluster bench notebooks pictures doctor lock
MAKEFLAGS += --no-print-directory
unexport PYTHONPATH PYTHONHOME

# Many systems have a variable LANGUAGE of their own, and make imports it: only
# one that stands on the command line is a choice.
ifeq ($(origin LANGUAGE),command line)
  language = --language $(LANGUAGE)
endif
set_up = sh tools/set_up.sh $(language)
python = .venv/bin/python

lab:
	@$(set_up) && exec $(python) -m hpt_widgets lab $(language)

# The class board: what students of a class train, gathered on one page.
board:
	@$(set_up) && exec $(python) -m hpt_widgets board $(language) $(if $(SHARE),--share)

test:
	@$(set_up) && exec $(python) -m tools.run_checks

# Dask, for the searches of section 6.6; nothing else needs it.
cluster:
	@$(set_up) && exec $(python) -m tools.install_cluster $(language)

# The searches on a real local cluster, which `make test` leaves out.
test-cluster:
	@$(set_up) && $(python) -m tools.install_cluster && exec $(python) -m tools.run_checks --cluster

bench:
	@$(set_up) && exec $(python) -m benchmarks

# Run all notebooks and store their outputs (NOTEBOOKS="…" for some of them).
notebooks:
	@$(set_up) && exec $(python) -m tools.execute_notebooks $(NOTEBOOKS)

# Take the README's pictures anew, from the real labs.
pictures:
	@$(set_up) && exec $(python) -m tools.take_pictures

doctor:
	@$(set_up) && exec $(python) -m hpt_widgets doctor $(language)

# Pin anew what pyproject.toml asks for: the same versions for every Python, and no
# address of an index in the files. A worker of a cluster has a file of its own, with the
# same versions as far as both have a package.
compile = $(python) -m uv pip compile --quiet --upgrade --universal \
  --python-version 3.11 --fork-strategy fewest --generate-hashes --no-emit-index-url \
  --no-emit-find-links --no-annotate --custom-compile-command "make lock" pyproject.toml

lock:
	@$(set_up) && $(compile) --extra lab --extra dev --output-file requirements.txt \
	  && $(compile) --extra cluster --constraint requirements.txt \
	  --output-file requirements-cluster.txt
