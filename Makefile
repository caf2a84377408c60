# make lab     set up if need be, and open the workbook (LANGUAGE=zh for the Chinese edition;
#              STUDENT="Li Hua" where several students use one account)
# make test    set up if need be, and run every check
# make quick   what of it takes less than two minutes
# make board   open the class board (SHARE=1 lets the local network connect)
# make cluster install what searches on several machines need
# PYTHON=/path/to/python3.12 names the Python to set up with

.PHONY: lab board test quick mutants test-cluster test-hub cluster bench bank claims notebooks pictures doctor \
  lock site kernel slides
MAKEFLAGS += --no-print-directory
unexport PYTHONPATH PYTHONHOME

# Many systems have a variable LANGUAGE of their own, and make imports it: only
# one that stands on the command line is a choice.
ifeq ($(origin LANGUAGE),command line)
  language = --language $(LANGUAGE)
endif
# The shell takes the name from its environment, whatever signs are in it except $, which make
# expands before it exports the name.
ifeq ($(origin STUDENT),command line)
  student = --student "$$STUDENT"
endif
# Nor does a variable SHARE of the system's open the board to the network, or SHARE=0.
ifeq ($(origin SHARE),command line)
  ifneq ($(filter-out 0 1,$(SHARE))$(words $(SHARE)),1)
    $(error SHARE=$(SHARE): use 1 or 0 / 请用 1 或 0)
  endif
  share = $(if $(filter 1,$(SHARE)),--share)
endif
set_up = sh tools/set_up.sh $(language)
# What a reader never needs: the tools of the checks.
set_up_all = $(set_up) --development
python = .venv/bin/python

lab:
	@$(set_up) && exec $(python) -m hpt_widgets lab $(language) $(student)

# The class board: what students of a class train, gathered on one page.
board:
	@$(set_up) && exec $(python) -m hpt_widgets board $(language) $(share)

test:
	@$(set_up_all) && exec $(python) -m tools.run_checks

# Style, types, imports, and the unit tests that are not marked slow.
quick:
	@$(set_up_all) && exec $(python) -m tools.run_checks --quick

# Whether the tests notice faults in what needs no TensorFlow (an hour; MUTANTS="…" for some).
mutants:
	@$(set_up_all) && exec $(python) -m tools.run_mutants $(MUTANTS)

# Dask, for the searches of section 6.6; nothing else needs it.
cluster:
	@$(set_up) && exec $(python) -m tools.install_cluster $(language)

# The searches on a real local cluster, which `make test` leaves out.
test-cluster:
	@$(set_up_all) && $(python) -m tools.install_cluster && exec $(python) -m tools.run_checks --cluster

# The hub of deploy/hub, started for real (needs Node and npm), which `make test` leaves out.
test-hub:
	@$(set_up_all) && $(python) -m tools.install_hub && exec $(python) -m tools.run_checks --hub

bench:
	@$(set_up_all) && exec $(python) -m benchmarks

# Train the trial bank, or go on with it (data/trial_bank/README.md; CLUSTER=local, or an address).
bank:
	@$(set_up_all) && exec $(python) -m tools.train_bank $(if $(CLUSTER),--cluster $(CLUSTER))

# Make the results anew by which chapter 7 judges what papers say (CLAIMS="…" for some experiments).
claims:
	@$(set_up_all) && exec $(python) -m tools.run_claims $(CLAIMS)

# Run all notebooks and store their outputs (NOTEBOOKS="…" for some of them).
notebooks:
	@$(set_up_all) && exec $(python) -m tools.execute_notebooks $(NOTEBOOKS)

# Take the README's pictures anew, from the real labs.
pictures:
	@$(set_up_all) && exec $(python) -m tools.take_pictures

# Slides of all chapters in both languages, into dist/slides: one file each, to be taken along.
slides:
	@$(set_up_all) && exec $(python) -m tools.make_slides

# The page that needs nothing installed, into dist/site: any web server can serve it.
site:
	@$(set_up_all) && exec $(python) -m tools.site

# Compile the page's arithmetic anew, after a change in site/assembly (needs Node and npm).
kernel:
	@cd site && npm ci --silent && npm run --silent kernel

doctor:
	@$(set_up) && exec $(python) -m hpt_widgets doctor $(language)

# Pin anew what pyproject.toml asks for: the same versions for every Python, and no
# address of an index in the files. What the checks need and a worker of a cluster have
# files of their own, with the same versions as far as two of them have a package.
compile = $(python) -m uv pip compile --quiet --upgrade --universal \
  --python-version 3.11 --fork-strategy fewest --generate-hashes --no-emit-index-url \
  --no-emit-find-links --no-annotate --custom-compile-command "make lock"

lock:
	@$(set_up_all) && $(compile) pyproject.toml --extra lab --group set-up \
	  --output-file requirements.txt \
	  && $(compile) --group dev --constraint requirements.txt --output-file requirements-dev.txt \
	  && $(compile) pyproject.toml --extra cluster --constraint requirements.txt \
	  --constraint requirements-dev.txt --output-file requirements-cluster.txt \
	  && $(compile) pyproject.toml --extra lab --extra hub --group set-up \
	  --constraint requirements.txt --constraint requirements-dev.txt \
	  --output-file requirements-hub.txt
