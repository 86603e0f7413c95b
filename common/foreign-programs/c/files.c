/* Files, folders and links, by the functions of POSIX.
 *
 * What is right nobody has written down: each line says what was tried and what came of it, and must
 * be the same on Linux and on the kernel.
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* Tells what `call` came to. */
#define TRY(call)                                                              \
	do {                                                                   \
		errno = 0;                                                     \
		long result_ = (long)(call);                                   \
		printf("%s: %ld, %s\n", #call, result_,                        \
		       errno ? strerror(errno) : "no error");                  \
	} while (0)

/* Makes the file `name` with `text` in it. */
static void make(const char *name, const char *text)
{
	int file = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	if (file < 0 || write(file, text, strlen(text)) < 0)
		printf("make: %s: %s\n", name, strerror(errno));
	close(file);
}

static void status(const char *name)
{
	struct stat status;

	if (lstat(name, &status) < 0) {
		printf("lstat: %s: %s\n", name, strerror(errno));
		return;
	}
	printf("lstat: %s: %06o, %ld links", name, status.st_mode, (long)status.st_nlink);
	if (!S_ISDIR(status.st_mode))
		printf(", %lld bytes", (long long)status.st_size);
	puts("");
}

/* Names and what they mean. */
static void names(void)
{
	char target[64] = "";

	umask(022);
	TRY(mkdir("folder", 0777));
	TRY(mkdir("folder", 0777));
	make("folder/one", "first\n");
	TRY(link("folder/one", "folder/two"));
	TRY(symlink("one", "folder/three"));
	TRY(symlink("around", "folder/around"));
	TRY(readlink("folder/three", target, sizeof target));
	printf("target: %s\n", target);
	TRY(open("folder/around", O_RDONLY));
	TRY(rename("folder/two", "folder/four"));
	TRY(rename("folder", "folder/inside"));
	TRY(unlink("folder"));
	TRY(rmdir("folder"));
	TRY(access("folder/one", R_OK | W_OK));
	TRY(access("folder/one", X_OK));
	TRY(chmod("folder/one", 0750));
	TRY(truncate("folder/four", 3));
	status("folder");
	status("folder/one");
	status("folder/three");
	status("folder/none");
}

static int is_no_dot(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
}

/* Folders, read in the order of names. */
static void listed(void)
{
	struct dirent **entries;
	int count = scandir("folder", &entries, is_no_dot, alphasort);

	printf("scandir: %d\n", count);
	for (int i = 0; i < count; i++) {
		printf("  %s, type %d\n", entries[i]->d_name, entries[i]->d_type);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	glob_t found;
	TRY(glob("folder/t*", 0, NULL, &found));
	for (size_t i = 0; i < found.gl_pathc; i++)
		printf("  %s\n", found.gl_pathv[i]);
	globfree(&found);
}

static int walked[FTW_SLN + 1];

static int walk(const char *path, const struct stat *status, int type, struct FTW *place)
{
	(void)path, (void)status, (void)place;
	walked[type]++;
	return 0;
}

static void trees(void)
{
	TRY(nftw("folder", walk, 8, FTW_PHYS | FTW_DEPTH));
	printf("nftw: %d files, %d folders, %d links\n", walked[FTW_F], walked[FTW_DP], walked[FTW_SL]);
}

static void places(void)
{
	char here[4096], *real;
	int folder = open("folder", O_RDONLY | O_DIRECTORY);

	TRY(chdir("folder/one"));
	TRY(fchdir(folder));
	real = getcwd(here, sizeof here);
	printf("getcwd: %s\n", real ? basename(real) : strerror(errno));
	real = realpath("../folder/./three", NULL);
	printf("realpath: %s\n", real ? basename(real) : strerror(errno));
	free(real);
	TRY(chdir(".."));
	TRY(faccessat(folder, "one", R_OK, 0));
	TRY(unlinkat(folder, "around", 0));
	TRY(openat(folder, "none", O_RDONLY));
	TRY(close(folder));
	TRY(close(folder));
}

/* Bytes, by descriptors that share a place and by ones that do not. */
static void bytes(void)
{
	char text[16] = "";
	int file = open("folder/one", O_RDWR), same = dup(file);
	struct iovec pieces[] = { { "ab", 2 }, { "cde", 3 } };

	TRY(writev(file, pieces, 2));
	TRY(lseek(same, 0, SEEK_CUR));
	TRY(pwrite(file, "X", 1, 1));
	TRY(pread(same, text, 5, 0));
	printf("text: %s\n", text);
	TRY(lseek(file, 10, SEEK_SET));
	TRY(write(same, "end", 3));
	TRY(lseek(file, 0, SEEK_END));
	TRY(ftruncate(file, 4));
	TRY(fcntl(file, F_GETFL) & O_ACCMODE);
	TRY(fcntl(same, F_SETFD, FD_CLOEXEC));
	TRY(fcntl(file, F_GETFD));
	char *mapped = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, file, 0);
	if (mapped != MAP_FAILED) {
		printf("mmap: %.4s, %d\n", mapped, mapped[100]);
		TRY(munmap(mapped, 4096));
	}
	TRY(read(file, text, (size_t)1));
	TRY(close(same));
	TRY(close(file));
	TRY(write(file, "x", 1));
}

static int take_away(const char *path, const struct stat *status, int type, struct FTW *place)
{
	(void)status, (void)type, (void)place;
	return remove(path);
}

int main(void)
{
	char room[] = "files-XXXXXX";

	if (!mkdtemp(room) || chdir(room) < 0) {
		printf("mkdtemp: %s\n", strerror(errno));
		return 1;
	}
	names();
	listed();
	trees();
	places();
	bytes();
	TRY(chdir(".."));
	int left = nftw(room, take_away, 8, FTW_PHYS | FTW_DEPTH);
	printf("nftw, to take all away: %d\n", left);
	return 0;
}
