/* A disk that is watched and that can fail, loaded with LD_PRELOAD by the crash tests; see shim.rs.
 *
 * DISK_ROOT     only what lies under this folder counts
 * DISK_TRACE    every change to it is written to this file, in order
 * DISK_KILL_AT  the process is killed before its n-th change
 * DISK_FAIL     what fails: sync, write or any
 * DISK_FAIL_AT  from the n-th of these on
 * DISK_FAIL_FOR so many of them, or one
 * DISK_ERROR    with this errno; with 0 a sync does nothing and says that it was done
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FILES = 1024, PATH = 512 };
static char paths[FILES][PATH];
static int trace = -1;
static long changes, fails;

static long number(const char *name) {
  const char *text = getenv(name);
  return text ? atol(text) : 0;
}

static int ends(const char *path, const char *end) {
  size_t all = strlen(path), part = strlen(end);
  return all >= part && strcmp(path + all - part, end) == 0;
}

/* The index of the write-ahead log is shared memory, which no crash of the machine survives. */
static int counts(const char *path) {
  const char *root = getenv("DISK_ROOT");
  size_t length = root ? strlen(root) : 0;
  int under = root && strncmp(path, root, length) == 0 && (path[length] == '/' || !path[length]);
  return under && !ends(path, "-shm") && !ends(path, ".lock");
}

static const char *path_of(int file) {
  return file >= 0 && file < FILES && paths[file][0] ? paths[file] : NULL;
}

static void put(char op, const char *path, uint64_t at, const void *data, uint64_t length) {
  const char *name = getenv("DISK_TRACE");
  if (!name) return;
  if (trace < 0) trace = syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  uint32_t path_length = strlen(path);
  size_t size = 1 + 4 + 8 + 8 + path_length + length;
  char *record = malloc(size), *to = record;
  *to++ = op;
  to = mempcpy(to, &path_length, 4);
  to = mempcpy(to, &at, 8);
  to = mempcpy(to, &length, 8);
  to = mempcpy(to, path, path_length);
  if (length) memcpy(to, data, length);
  if (syscall(SYS_write, trace, record, size) != (long)size) abort();
  free(record);
}

/* Comes before every change: what a caller is told on the file `told` is no change of the disk. */
static int refused(const char *kind, const char *path) {
  if (ends(path, "/told")) return 0;
  long change = __atomic_add_fetch(&changes, 1, __ATOMIC_SEQ_CST);
  if (change == number("DISK_KILL_AT")) syscall(SYS_kill, getpid(), SIGKILL);
  const char *fail = getenv("DISK_FAIL");
  if (!fail || (strcmp(fail, "any") != 0 && strcmp(fail, kind) != 0)) return 0;
  long nth = __atomic_add_fetch(&fails, 1, __ATOMIC_SEQ_CST), first = number("DISK_FAIL_AT");
  long many = number("DISK_FAIL_FOR");
  if (nth < first || nth >= first + (many ? many : 1)) return 0;
  put(strcmp(kind, "sync") == 0 ? 'f' : 'x', path, 0, NULL, 0);
  return 1;
}

static int failed(void) {
  errno = number("DISK_ERROR");
  return errno ? -1 : 0;
}

static int opened(const char *path, int flags, mode_t mode) {
  int mine = path[0] == '/' && strlen(path) < PATH && counts(path);
  struct stat found;
  int made = mine && (flags & O_CREAT) && stat(path, &found) != 0;
  if (made && refused("create", path)) return failed();
  int file = syscall(SYS_openat, AT_FDCWD, path, flags, mode);
  if (file >= 0 && file < FILES) paths[file][0] = 0;
  if (file >= 0 && file < FILES && mine) strcpy(paths[file], path);
  if (file >= 0 && made) put('c', path, 0, NULL, 0);
  return file;
}

static int open_any(const char *path, int flags, va_list more) {
  mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(more, mode_t) : 0;
  return opened(path, flags, mode);
}

int open(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  int file = open_any(path, flags, more);
  va_end(more);
  return file;
}

int open64(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  int file = open_any(path, flags, more);
  va_end(more);
  return file;
}

int close(int file) {
  if (path_of(file)) paths[file][0] = 0;
  return syscall(SYS_close, file);
}

ssize_t pwrite64(int file, const void *data, size_t length, off64_t at) {
  const char *path = path_of(file);
  if (path && refused("write", path)) {
    /* On a full disk something may still fit. */
    if (number("DISK_ERROR") != ENOSPC || length < 2) return failed();
    length /= 2;
  }
  ssize_t written = syscall(SYS_pwrite64, file, data, length, at);
  if (path && written > 0) put('w', path, at, data, written);
  return written;
}

ssize_t pwrite(int file, const void *data, size_t length, off_t at) { return pwrite64(file, data, length, at); }

ssize_t write(int file, const void *data, size_t length) {
  const char *path = path_of(file);
  if (!path) return syscall(SYS_write, file, data, length);
  off_t at = lseek(file, 0, SEEK_CUR);
  if (refused("write", path)) return failed();
  ssize_t written = syscall(SYS_write, file, data, length);
  if (written > 0) put(ends(path, "/told") ? 't' : 'w', path, at, data, written);
  return written;
}

int ftruncate64(int file, off64_t length) {
  const char *path = path_of(file);
  /* No disk is too full to make a file shorter. */
  const char *kind = number("DISK_ERROR") == ENOSPC ? "truncate" : "write";
  if (path && refused(kind, path)) return failed();
  int result = syscall(SYS_ftruncate, file, length);
  if (path && result == 0) put('l', path, length, NULL, 0);
  return result;
}

int ftruncate(int file, off_t length) { return ftruncate64(file, length); }

static int synced(int file, long call) {
  const char *path = path_of(file);
  if (path && refused("sync", path)) return failed();
  int result = syscall(call, file);
  if (path && result == 0) put('s', path, 0, NULL, 0);
  return result;
}

int fsync(int file) { return synced(file, SYS_fsync); }
int fdatasync(int file) { return synced(file, SYS_fdatasync); }

int rename(const char *from, const char *to) {
  int mine = counts(from);
  if (mine && refused("rename", from)) return failed();
  int result = syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
  if (mine && result == 0) put('r', from, 0, to, strlen(to));
  return result;
}

int unlink(const char *path) {
  int mine = counts(path);
  struct stat found;
  if (mine && stat(path, &found) == 0 && refused("unlink", path)) return failed();
  int result = syscall(SYS_unlinkat, AT_FDCWD, path, 0);
  if (mine && result == 0) put('u', path, 0, NULL, 0);
  return result;
}
