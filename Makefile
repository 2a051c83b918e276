# For habit only: everything is in ./manage, which needs no make.
.PHONY: run test lint bench
run test lint bench:
	./manage $@
