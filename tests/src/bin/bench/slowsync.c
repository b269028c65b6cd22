/* A disk that takes two milliseconds longer over every sync. Loaded with LD_PRELOAD by the bench; see slow.rs. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static int then_wait(const char *name, int file) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  int result = real(file);
  struct timespec two_ms = {0, 2000000};
  nanosleep(&two_ms, 0);
  return result;
}

int fsync(int file) { return then_wait("fsync", file); }
int fdatasync(int file) { return then_wait("fdatasync", file); }
