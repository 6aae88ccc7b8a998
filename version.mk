# version.mk: the only place that knows the version (major.minor.patch) and the number of the ABI (soname).
VERSION = 0.1.0
ABI = 0
