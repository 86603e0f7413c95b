/* Processes and pipes, by the functions of POSIX, and what C makes of them.
 *
 * What is right nobody has written down: each line says what was tried and what came of it, and must
 * be the same on Linux and on the kernel.
 */

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Waits for a child and tells how it has ended. */
static void ended(const char *what, pid_t child)
{
	int status;

	if (child < 0 || waitpid(child, &status, 0) != child)
		printf("%s: %s\n", what, strerror(errno));
	else if (WIFSIGNALED(status))
		printf("%s: %s\n", what, strsignal(WTERMSIG(status)));
	else
		printf("%s: status %d\n", what, WEXITSTATUS(status));
}

/* Forks; what is in buffers is written before, or both would write it. */
static pid_t new_child(void)
{
	fflush(stdout);
	return fork();
}

static void last_words(void)
{
	puts("atexit: in the end");
}

/* Ways to end. Where an emulator of Linux would remark on one, it finds no place for that. */
static void ends(void)
{
	pid_t child = new_child();

	if (!child) {
		atexit(last_words);
		exit(300);
	}
	ended("exit(300)", child);
	child = new_child();
	if (!child) {
		close(2);
		abort();
	}
	ended("abort", child);
	child = new_child();
	if (!child)
		for (;;)
			pause();
	kill(child, SIGTERM);
	ended("kill", child);
	child = new_child();
	if (!child) {
		close(2);
		*(volatile int *)8 = 1;
	}
	ended("a write to address 8", child);
	errno = 0;
	int gone = waitpid(child, NULL, 0);
	printf("waitpid again: %d, %s\n", gone, strerror(errno));
}

/* A child's memory is a copy; what it has open is not. */
static void copies(void)
{
	pid_t parent = getpid();
	int value = 1, ways[2];

	if (pipe(ways) < 0)
		return;
	pid_t child = new_child();
	if (!child) {
		value = 2;
		close(ways[0]);
		dprintf(ways[1], "value %d, parent %d", value, getppid() == parent);
		_exit(0);
	}
	close(ways[1]);
	char text[64];
	ssize_t length, all = 0;
	while ((length = read(ways[0], text + all, sizeof text - 1 - all)) > 0)
		all += length;
	text[all] = 0;
	close(ways[0]);
	ended("child", child);
	printf("its value: \"%s\"; ours: %d\n", text, value);
}

/* A chain of processes, each of which adds its letter to what goes through. */
static void chain(void)
{
	enum { LINKS = 5 };
	int from = -1;

	for (int i = 0; i < LINKS; i++) {
		int ways[2];
		if (pipe(ways) < 0)
			return;
		if (!new_child()) {
			char byte;
			close(ways[0]);
			while (from >= 0 && read(from, &byte, 1) == 1)
				write(ways[1], &byte, 1);
			byte = (char)('a' + i);
			write(ways[1], &byte, 1);
			_exit(0);
		}
		if (from >= 0)
			close(from);
		close(ways[1]);
		from = ways[0];
	}
	char text[LINKS + 1] = "";
	for (ssize_t all = 0, now = 1; now > 0 && all < LINKS; all += now)
		now = read(from, text + all, (size_t)(LINKS - all));
	close(from);
	int count = 0;
	while (wait(NULL) > 0)
		count++;
	printf("chain: %s, %d children\n", text, count);
}

static void broken(void)
{
	int ways[2];

	if (pipe(ways) < 0)
		return;
	struct pollfd end = { ways[1], POLLOUT, 0 };
	int count = poll(&end, 1, 0);
	printf("poll: %d, %x\n", count, end.revents);
	close(ways[0]);
	count = poll(&end, 1, -1);
	printf("poll of what is broken: %d, %x\n", count, end.revents);
	pid_t child = new_child();
	if (!child) {
		write(ways[1], "x", 1);
		_exit(0);
	}
	ended("a write that nobody reads", child);
	signal(SIGPIPE, SIG_IGN);
	errno = 0;
	long result = write(ways[1], "x", 1);
	printf("the same with SIGPIPE ignored: %ld, %s\n", result, strerror(errno));
	signal(SIGPIPE, SIG_DFL);
	close(ways[1]);
}

/* Shells, which the C library starts. */
static void shells(void)
{
	char line[64];

	setenv("FRUIT", "quince", 1);
	fflush(stdout);
	int status = system("echo system: $FRUIT; exit 7");
	printf("system: status %d\n", WEXITSTATUS(status));
	FILE *from = popen("echo one; echo two", "r");
	while (from && fgets(line, sizeof line, from))
		printf("popen: %s", line);
	status = from ? pclose(from) : -1;
	printf("pclose: status %d\n", WEXITSTATUS(status));
	fflush(stdout);
	FILE *to = popen("cat; exit 3", "w");
	if (to)
		fputs("popen: written\n", to);
	status = to ? pclose(to) : -1;
	printf("pclose: status %d\n", WEXITSTATUS(status));
}

static void spawned(void)
{
	posix_spawn_file_actions_t actions;
	char *const words[] = { "echo", "spawned", NULL };
	pid_t child;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "c-spawned", 0101, 0600);
	fflush(stdout);
	int error = posix_spawnp(&child, "echo", &actions, NULL, words, environ);
	printf("posix_spawnp: %s\n", strerror(error));
	if (!error)
		ended("echo", child);
	posix_spawn_file_actions_destroy(&actions);
	char line[32] = "";
	FILE *file = fopen("c-spawned", "r");
	if (file && fgets(line, sizeof line, file))
		printf("what it has written: %s", line);
	if (file)
		fclose(file);
	remove("c-spawned");
	error = posix_spawn(&child, "/none", NULL, NULL, words, environ);
	printf("posix_spawn of what is not there: %s\n", strerror(error));
}

int main(void)
{
	ends();
	copies();
	chain();
	broken();
	shells();
	spawned();
	return 0;
}
