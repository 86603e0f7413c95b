/* Streams, formats, numbers and memory: what most of C's programs are made of.
 *
 * What is right nobody has written down: each line says what was tried and what came of it, and must
 * be the same on Linux and on the kernel.
 */

#include <errno.h>
#include <float.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What the last call says that has failed. */
static const char *failure(void)
{
	return errno ? strerror(errno) : "nothing";
}

static void formats(void)
{
	static const char long_text[] = "more than there is room for";
	char text[16];

	printf("%d|%5d|%-5d|%05d|%+d|%x|%#o\n", 42, 42, 42, 42, 42, 255, 8);
	printf("%lld|%llu|%zu|%hhd\n", LLONG_MIN, ULLONG_MAX, sizeof text, 300);
	printf("%f|%.3e|%g|%g|%a\n", 1.0 / 3, DBL_MAX, 1e-5, 1e100, 0.15625);
	printf("%s|%.2s|%8s|%-8s|%c|%%\n", "text", "text", "text", "text", 'c');
	int length = snprintf(text, sizeof text, "%s", long_text);
	printf("snprintf: %d, %s\n", length, text);
}

static void numbers(void)
{
	static const char *const words[] = { "12", "-0x1fz", "077", "", "99999999999999999999", "1e400" };
	char *end;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		errno = 0;
		long integer = strtol(words[i], &end, 0);
		printf("strtol: %ld, rest \"%s\", %s\n", integer, end, failure());
		errno = 0;
		double real = strtod(words[i], &end);
		printf("strtod: %g, rest \"%s\", %s\n", real, end, failure());
	}
	int a = 0, b = 0;
	char word[8] = "";
	int count = sscanf("7 apples, 9", "%d %7[a-z], %d", &a, word, &b);
	printf("sscanf: %d: %d %s %d\n", count, a, word, b);
}

/* A file that is written, read from where one likes, and taken away. */
static void streams(void)
{
	char line[64];
	FILE *file = fopen("c-stdio", "w+");

	if (!file) {
		printf("fopen: %s\n", failure());
		return;
	}
	for (int i = 0; i < 2000; i++)
		fprintf(file, "line %d\n", i);
	printf("ftell: %ld\n", ftell(file));
	fseek(file, -20, SEEK_END);
	while (fgets(line, sizeof line, file))
		printf("fgets: %s", line);
	printf("feof: %d, ferror: %d\n", !!feof(file), !!ferror(file));
	rewind(file);
	int first = fgetc(file), back = ungetc('L', file), again = fgetc(file);
	printf("fgetc: %c, ungetc: %c, fgetc: %c, ftell: %ld\n", first, back, again, ftell(file));
	printf("fclose: %d\n", fclose(file));
	file = fopen("c-stdio", "a");
	fputs("appended", file);
	printf("ftell behind what was there: %ld\n", ftell(file));
	fclose(file);
	file = fopen("c-stdio", "r");
	setvbuf(file, NULL, _IONBF, 0);
	errno = 0;
	int result = fputs("no", file);
	printf("fputs to what is read: %d, %s\n", result, failure());
	fclose(file);
	printf("remove: %d\n", remove("c-stdio"));
	file = fopen("c-stdio", "r");
	printf("fopen what is gone: %d, %s\n", file != NULL, failure());
}

static void temporary(void)
{
	char line[32] = "";
	FILE *file = tmpfile();

	if (!file) {
		printf("tmpfile: %s\n", failure());
		return;
	}
	fputs("nobody sees it", file);
	rewind(file);
	printf("tmpfile: %s\n", fgets(line, sizeof line, file));
	fclose(file);
}

/* What is read line by line, of any length. */
static void input(void)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t length;

	while ((length = getline(&line, &room, stdin)) >= 0)
		printf("getline: %zd: %.*s\n", length, (int)strcspn(line, "\n"), line);
	printf("feof: %d\n", !!feof(stdin));
	free(line);
}

static void in_memory(void)
{
	char *text = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&text, &length);

	for (int i = 0; i < 300; i++)
		fprintf(file, "%d,", i);
	fclose(file);
	printf("open_memstream: %zu: ...%s\n", length, text + length - 8);
	free(text);
}

static int by_number(const void *one, const void *other)
{
	uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
	return (a > b) - (a < b);
}

/* Blocks of all sizes, each with its own bytes, that come and go in an order by chance. */
static void memory(void)
{
	enum { BLOCKS = 128, ROUNDS = 4000 };
	static struct { unsigned char *start; size_t size; } blocks[BLOCKS];
	uint32_t chance = 1, wrong = 0;

	for (int round = 0; round < ROUNDS; round++) {
		chance = chance * 1664525 + 1013904223;
		unsigned index = chance >> 25;
		size_t size = (chance >> 8 & 0xff) << (chance >> 16 & 7);
		for (size_t i = 0; i < blocks[index].size; i += 97)
			wrong += blocks[index].start[i] != index;
		unsigned char *start = realloc(blocks[index].start, size + 1);
		if (!start) {
			printf("realloc: %s\n", failure());
			return;
		}
		memset(start, (int)index, size);
		blocks[index].start = start;
		blocks[index].size = size;
	}
	for (int i = 0; i < BLOCKS; i++)
		free(blocks[i].start);
	printf("memory: %u bytes are wrong\n", wrong);
	errno = 0;
	void *too_much = malloc(PTRDIFF_MAX);
	printf("malloc of too much: %d, %s\n", too_much != NULL, failure());
	free(too_much);
	char *aligned = aligned_alloc(4096, 8192);
	printf("aligned_alloc: %d\n", aligned && (uintptr_t)aligned % 4096 == 0);
	free(aligned);
}

static void sorted(void)
{
	uint32_t values[1000], chance = 7;

	for (int i = 0; i < 1000; i++)
		values[i] = chance = chance * 1664525 + 1013904223;
	qsort(values, 1000, sizeof *values, by_number);
	uint32_t *found = bsearch(&values[321], values, 1000, sizeof *values, by_number);
	printf("qsort: %u %u %u, bsearch: %td\n", values[0], values[500], values[999], found - values);
}

static void dates(void)
{
	char text[64];
	time_t day = 86400 * 365;

	strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %A %j", gmtime(&day));
	printf("strftime: %s\n", text);
	printf("time: %d\n", time(NULL) != (time_t)-1);
}

int main(int count, char **words)
{
	for (int i = 0; i < count; i++)
		printf("word %d: %s\n", i, words[i]);
	printf("TERM: %s\n", getenv("TERM"));
	formats();
	numbers();
	streams();
	temporary();
	input();
	in_memory();
	memory();
	sorted();
	dates();
	fflush(stdout);
	fprintf(stderr, "an error is told apart\n");
	return 40 + count;
}
