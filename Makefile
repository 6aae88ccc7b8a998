# Makefile of libsiuo. GNU make; works as it is, or refined by ./configure (config.mk). `make help` says what it does.

srcdir ?= .
include $(srcdir)/version.mk
-include config.mk

# ---- variables ----

CC ?= cc
AR ?= ar
PKG_CONFIG ?= pkg-config
PYTHON ?= python3
CFLAGS ?= -O2 -g
O ?= build
SANITIZE ?=

prefix ?= /usr/local
exec_prefix ?= $(prefix)
bindir ?= $(exec_prefix)/bin
libdir ?= $(exec_prefix)/lib
includedir ?= $(prefix)/include
datarootdir ?= $(prefix)/share
mandir ?= $(datarootdir)/man

PACKAGES = jansson nettle libutf8proc zlib
DEPS_CFLAGS ?= $(shell $(PKG_CONFIG) --cflags $(PACKAGES))
DEPS_LIBS ?= $(shell $(PKG_CONFIG) --libs $(PACKAGES))
CURL_CFLAGS ?= $(shell $(PKG_CONFIG) --cflags libcurl)
CURL_LIBS ?= $(shell $(PKG_CONFIG) --libs libcurl)
CHECK_CFLAGS ?= $(shell $(PKG_CONFIG) --cflags check)
CHECK_LIBS ?= $(shell $(PKG_CONFIG) --libs check)

version_parts = $(subst ., ,$(VERSION))
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wvla
siuo_cflags = -std=c99 $(WARNINGS) -ffp-contract=off -I$(srcdir)/include -MMD -MP
lib_cflags = $(siuo_cflags) -fvisibility=hidden -D_XOPEN_SOURCE=700 $(DEPS_CFLAGS) \
  -DSIUOP_VERSION_MAJOR=$(word 1,$(version_parts)) -DSIUOP_VERSION_MINOR=$(word 2,$(version_parts)) \
  -DSIUOP_VERSION_PATCH=$(word 3,$(version_parts))
program_cflags = $(siuo_cflags) -D_XOPEN_SOURCE=700 $(DEPS_CFLAGS) $(CURL_CFLAGS)
test_cflags = $(siuo_cflags) -D_GNU_SOURCE -I$(srcdir)/libsiuo -I$(srcdir)/tests $(DEPS_CFLAGS) $(CHECK_CFLAGS)
no_undefined = -Wl,-z,defs
comma := ,
ifneq ($(SANITIZE),)
override O := $(O)/san-$(subst $(comma),-,$(SANITIZE))
sanitize_flags = -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
no_undefined = # the sanitizer's runtime is linked into the program, not into the library
endif

headers := $(wildcard $(srcdir)/include/siuo/*.h)
lib_sources := $(wildcard $(srcdir)/libsiuo/*.c)
eval_sources := $(wildcard $(srcdir)/examples/siuo-eval/*.c)
support_sources := $(wildcard $(srcdir)/tests/support/*.c)
test_sources := $(sort $(wildcard $(srcdir)/tests/test_*.c))
fuzz_sources := $(sort $(wildcard $(srcdir)/tests/fuzz/fuzz_*.c))
preload_sources := $(wildcard $(srcdir)/tests/preload/*.c)
bench_sources := $(sort $(wildcard $(srcdir)/tests/bench/*.c))

lib_objects := $(lib_sources:$(srcdir)/%.c=$(O)/%.o)
pic_objects := $(lib_sources:$(srcdir)/%.c=$(O)/%.pic.o)
eval_objects := $(eval_sources:$(srcdir)/%.c=$(O)/%.o)
support_objects := $(support_sources:$(srcdir)/%.c=$(O)/%.o)
test_programs := $(test_sources:$(srcdir)/tests/%.c=$(O)/tests/%)
preloads := $(preload_sources:$(srcdir)/%.c=$(O)/%.so)
bench_programs := $(bench_sources:$(srcdir)/tests/bench/%.c=$(O)/tests/bench/%)

soname = libsiuo.so.$(ABI)
static_lib = $(O)/libsiuo.a
shared_lib = $(O)/libsiuo.so.$(ABI).$(VERSION)
siuo_eval = $(O)/siuo-eval
demo_suite = $(srcdir)/examples/sample-suite

# ---- targets ----

.PHONY: all check check-deep tests demo bench fuzz install uninstall dist distcheck abi-table clean help FORCE
.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:

all: $(static_lib) $(shared_lib) $(siuo_eval)

help:
	@echo 'make            the library (static, shared) and siuo-eval, under $(O)/'
	@echo 'make demo       siuo-eval on the sample suite'
	@echo 'make check      every test; SANITIZE=address,undefined: with sanitizers'
	@echo 'make check-deep the slower tests'
	@echo 'make fuzz       fuzzers, FUZZ_SECONDS each (clang)'
	@echo 'make bench      measures'
	@echo 'make install    to $$(DESTDIR)$$(prefix); uninstall takes it away again'
	@echo 'make dist       a source archive; distcheck tries it'
	@echo 'make abi-table  writes tests/abi/table.txt anew'
	@echo 'make clean      removes $(O)/'

# ---- objects ----

# Holds the command lines; what they make is made again when they change.
flags_text = $(CC) $(CFLAGS) $(CPPFLAGS) $(LDFLAGS) $(SANITIZE) $(lib_cflags) $(VERSION)
$(O)/flags: FORCE
	@mkdir -p $(O)
	@echo '$(flags_text)' | cmp -s - $@ || echo '$(flags_text)' >$@

compile = @mkdir -p $(@D) && echo '  CC    $@' && $(CC)
$(O)/libsiuo/%.o: $(srcdir)/libsiuo/%.c $(O)/flags
	$(compile) $(lib_cflags) $(CPPFLAGS) $(CFLAGS) $(sanitize_flags) -c $< -o $@
$(O)/libsiuo/%.pic.o: $(srcdir)/libsiuo/%.c $(O)/flags
	$(compile) $(lib_cflags) $(CPPFLAGS) $(CFLAGS) $(sanitize_flags) -fPIC -c $< -o $@
$(O)/examples/%.o: $(srcdir)/examples/%.c $(O)/flags
	$(compile) $(program_cflags) $(CPPFLAGS) $(CFLAGS) $(sanitize_flags) -c $< -o $@
$(O)/tests/%.o: $(srcdir)/tests/%.c $(O)/flags
	$(compile) $(test_cflags) $(CPPFLAGS) $(CFLAGS) $(sanitize_flags) -c $< -o $@

-include $(lib_objects:.o=.d) $(pic_objects:.o=.d) $(eval_objects:.o=.d) $(support_objects:.o=.d)
-include $(test_programs:=.d) $(bench_programs:=.d)

# ---- library ----

$(static_lib): $(lib_objects)
	@echo '  AR    $@' && rm -f $@ && $(AR) rcs $@ $(lib_objects)

$(shared_lib): $(pic_objects) $(srcdir)/libsiuo/siuo.map
	@echo '  LD    $@' && $(CC) -shared -Wl,-soname,$(soname) -Wl,--version-script,$(srcdir)/libsiuo/siuo.map \
	  $(no_undefined) $(LDFLAGS) $(CFLAGS) $(sanitize_flags) $(pic_objects) -o $@ $(DEPS_LIBS) -lm
	@ln -sf $(@F) $(O)/$(soname) && ln -sf $(soname) $(O)/libsiuo.so

# ---- programs ----

link = @mkdir -p $(@D) && echo '  LD    $@' && $(CC) $(LDFLAGS) $(CFLAGS) $(sanitize_flags)
$(siuo_eval): $(eval_objects) $(static_lib)
	$(link) $^ -o $@ $(DEPS_LIBS) $(CURL_LIBS) -lm

demo: $(siuo_eval)
	@rm -rf $(O)/demo && mkdir -p $(O)/demo
	@$(siuo_eval) check --images $(demo_suite)
	@for model in careful careless; do \
	  printf '\n==== the invented %s model ====\n' $$model; \
	  $(siuo_eval) run --data $(demo_suite) --replay $(demo_suite)/$$model.jsonl --out $(O)/demo/$$model || exit 1; \
	done
	@printf '\nBoth models are invented. Their reports as JSON, their results and journals:\n'
	@printf '  %s\n' $(O)/demo/careful $(O)/demo/careless

# ---- checks ----

SIUO_SHARED ?= $(abspath $(srcdir))/../shared
check_env = SIUO_SRCDIR='$(abspath $(srcdir))' SIUO_SHARED='$(SIUO_SHARED)' SIUO_BUILD='$(abspath $(O))' \
  SIUO_EVAL='$(abspath $(siuo_eval))' SIUO_SANITIZE='$(SANITIZE)' MAKE='$(MAKE)' CC='$(CC)' PKG_CONFIG='$(PKG_CONFIG)'

# test_judge_linear counts the steps of the readers: a call at the beginning of every basic block of theirs.
counted_sources := $(wildcard $(srcdir)/libsiuo/judge*.c $(srcdir)/libsiuo/choice*.c) \
  $(addprefix $(srcdir)/libsiuo/,copies.c text.c utf8.c words.c)
counted_objects := $(counted_sources:$(srcdir)/%.c=$(O)/counted/%.o)
$(O)/counted/libsiuo/%.o: $(srcdir)/libsiuo/%.c $(O)/flags
	$(compile) $(lib_cflags) $(CPPFLAGS) $(CFLAGS) -fsanitize-coverage=trace-pc -c $< -o $@
$(O)/tests/test_judge_linear: $(counted_objects)
-include $(counted_objects:.o=.d)

# tests/test_NAME.ldflags holds further linker flags of that suite: which system calls it wraps.
$(O)/tests/%: $(O)/tests/%.o $(support_objects) $(static_lib)
	$(link) $(filter %.o,$^) $(static_lib) -o $@ $(shell cat $(srcdir)/tests/$*.ldflags 2>/dev/null) \
	  $(CHECK_LIBS) $(DEPS_LIBS) -lm

tests: $(test_programs) $(siuo_eval) $(shared_lib) $(preloads) $(O)/locale/made

# What the script checks preload into siuo-eval; without sanitizers, whose program comes with its own.
$(O)/tests/preload/%.so: $(srcdir)/tests/preload/%.c $(O)/flags
	@mkdir -p $(@D) && echo '  LD    $@' && $(CC) $(filter-out -MMD -MP,$(test_cflags)) $(CPPFLAGS) $(LDFLAGS) $(CFLAGS) -fPIC -shared $< -o $@ -ldl

# A Turkish and a German locale, from the system's sources and without its help; where there are none, the suites say
# that they skip them.
$(O)/locale/made:
	@mkdir -p $(@D)
	@for name in tr_TR de_DE; do \
	  [ -e /usr/share/i18n/locales/$$name ] && command -v localedef >/dev/null && \
	    localedef -i $$name -f UTF-8 $(abspath $(@D))/$$name.UTF-8 || true; \
	done
	@touch $@

check: tests
	@$(check_env) $(srcdir)/tests/run $(test_programs)

check-deep: tests
	@$(check_env) SIUO_DEEP=1 $(srcdir)/tests/run $(test_programs)

$(O)/tests/bench/%: $(O)/tests/bench/%.o $(static_lib)
	$(link) $^ -o $@ $(DEPS_LIBS) -lm

# Fuzzers: clang's, with sanitizers, in a folder of their own. FUZZ_SECONDS: for each.
FUZZ_SECONDS ?= 15
fuzz_flags = -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -O1 -g
fuzz_objects := $(lib_objects:$(O)/%=$(O)/fuzz/%)
$(O)/fuzz/libsiuo/%.o: $(srcdir)/libsiuo/%.c $(O)/flags
	@mkdir -p $(@D) && echo '  FUZZ  $@' && clang $(lib_cflags) $(subst fuzzer,fuzzer-no-link,$(fuzz_flags)) -c $< -o $@
$(O)/fuzz/%: $(srcdir)/tests/fuzz/%.c $(srcdir)/tests/fuzz/fuzz.h $(fuzz_objects)
	@echo '  FUZZ  $@' && clang $(lib_cflags) $(fuzz_flags) $< $(fuzz_objects) -o $@ $(DEPS_LIBS) -lm
-include $(fuzz_objects:.o=.d)

fuzz: $(fuzz_sources:$(srcdir)/tests/fuzz/%.c=$(O)/fuzz/%)
	@$(check_env) $(srcdir)/tests/fuzz/run $(O)/fuzz $(FUZZ_SECONDS) $^

bench: $(bench_programs) $(siuo_eval)
	@$(check_env) $(PYTHON) $(srcdir)/tests/bench/bench.py

abi-table:
	@$(check_env) $(srcdir)/tests/check-abi.py --write

# ---- install ----

install: all
	install -d '$(DESTDIR)$(libdir)/pkgconfig' '$(DESTDIR)$(includedir)/siuo' '$(DESTDIR)$(bindir)' \
	  '$(DESTDIR)$(mandir)/man1'
	install -m 644 $(headers) '$(DESTDIR)$(includedir)/siuo/'
	install -m 644 $(static_lib) '$(DESTDIR)$(libdir)/'
	install -m 755 $(shared_lib) '$(DESTDIR)$(libdir)/'
	ln -sf $(notdir $(shared_lib)) '$(DESTDIR)$(libdir)/$(soname)'
	ln -sf $(soname) '$(DESTDIR)$(libdir)/libsiuo.so'
	sed -e 's|@prefix@|$(prefix)|' -e 's|@includedir@|$(includedir)|' -e 's|@libdir@|$(libdir)|' \
	  -e 's|@version@|$(VERSION)|' $(srcdir)/pkgconfig/siuo.pc.in >'$(DESTDIR)$(libdir)/pkgconfig/siuo.pc'
	chmod 644 '$(DESTDIR)$(libdir)/pkgconfig/siuo.pc'
	install -m 755 $(siuo_eval) '$(DESTDIR)$(bindir)/'
	sed 's|@version@|$(VERSION)|' $(srcdir)/docs/siuo-eval.1 >'$(DESTDIR)$(mandir)/man1/siuo-eval.1'
	chmod 644 '$(DESTDIR)$(mandir)/man1/siuo-eval.1'

uninstall:
	rm -f $(foreach h,$(notdir $(headers)),'$(DESTDIR)$(includedir)/siuo/$(h)') \
	  '$(DESTDIR)$(libdir)/libsiuo.a' '$(DESTDIR)$(libdir)/$(notdir $(shared_lib))' \
	  '$(DESTDIR)$(libdir)/$(soname)' '$(DESTDIR)$(libdir)/libsiuo.so' \
	  '$(DESTDIR)$(libdir)/pkgconfig/siuo.pc' '$(DESTDIR)$(bindir)/siuo-eval' \
	  '$(DESTDIR)$(mandir)/man1/siuo-eval.1'
	-rmdir '$(DESTDIR)$(includedir)/siuo' 2>/dev/null

# ---- dist ----

dist_name = libsiuo-$(VERSION)
dist:
	@mkdir -p $(O)
	cd $(srcdir) && { git ls-files 2>/dev/null | grep . || find . -type f ! -path './.git/*' ! -path './build/*'; } | \
	  sed 's|^\./||' | LC_ALL=C sort | tar -cf - --transform 's|^|$(dist_name)/|' --owner=0 --group=0 -T - | \
	  gzip -n9 >'$(abspath $(O))/$(dist_name).tar.gz'
	@echo $(O)/$(dist_name).tar.gz

distcheck: dist
	@$(check_env) $(srcdir)/tests/distcheck '$(abspath $(O))/$(dist_name).tar.gz'

clean:
	rm -rf $(O)
