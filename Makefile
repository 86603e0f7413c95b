# What there is to do here. Each target is the command of the same name of the host tool, common/tutor, which finds the
# settings (chapter=4, arch=both, …) by itself.

tutor := common/tutor/tutor.sh

.DEFAULT_GOAL := help
.PHONY: help run test test-suites diff debug bench map timeline book serve exercises watch hint progress grade grade-all course carry check doctor setup clean

help:   ; @$(tutor) help    # what there is
run:    ; @$(tutor) run     # boot a chapter:             chapter= arch= mem= cpus= gic= timeout= bootargs= args= program= files= strace=1 release=1 counted= bug=
test-suites: ; @$(tutor) test-suites # programs of others, on Linux and here: chapter= arch= only= record=1
test:   ; @$(tutor) test    # prove that all of it works: chapter= arch= only= seeds= fresh=1 record=1 exercise= bug= seed=
diff:   ; @$(tutor) diff    # what a chapter changes:     chapter= file=
debug:  ; @$(tutor) debug   # boot under the debugger:    chapter= arch= mem= cpus= gic= bootargs= args= server=
bench:  ; @$(tutor) bench   # what operations cost:      arch= only= record=1
map:    ; @$(tutor) map     # draw its memory map:       chapter= arch= mem= file=
timeline: ; @$(tutor) timeline # draw who ran when:      chapter= arch= mem= cpus= gic= timeout= bootargs= args= counted=
book:   ; @$(tutor) book    # build the book:            pdf=1
serve:  ; @$(tutor) serve   # show the book, build it again at each save: port=
exercises: ; @$(tutor) exercises  # what there is to do:  chapter=
watch:     ; @$(tutor) watch      # test it on each save: exercise=
hint:      ; @$(tutor) hint       # the next hint:        exercise=
progress:  ; @$(tutor) progress   # how far you are
grade:     ; @$(tutor) grade      # points for all:       chapter= seed= base= file=
grade-all: ; @$(tutor) grade-all  # points for a class:   file= jobs=
course:    ; @$(tutor) course     # a copy without solutions: file=
carry:  ; @$(tutor) carry   # bring a fix into every later chapter: from= continue=1 abort=1
check:  ; @$(tutor) check   # formats, lints, house rules: chapter=
doctor: ; @$(tutor) doctor  # what is missing here
setup:  ; @$(tutor) setup   # install it
clean:  ; @$(tutor) clean   # remove what was built
