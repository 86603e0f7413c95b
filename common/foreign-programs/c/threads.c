/* Threads of POSIX: what they share, what each has for itself, and how they wait for each other.
 *
 * What is right nobody has written down: each line says what was tried and what came of it, and must
 * be the same on Linux and on the kernel, in whatever order threads run.
 */

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { THREADS = 8, ROUNDS = 2000 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_barrier_t barrier;
static pthread_rwlock_t sharing = PTHREAD_RWLOCK_INITIALIZER;
static pthread_key_t key;
static long count, begun, dropped;
static _Thread_local long own = 7;

static void begin(void)
{
	begun++;
}

/* Runs `work` in `THREADS` threads and adds up what they find. */
static long all(void *(*work)(void *))
{
	pthread_t threads[THREADS];
	long sum = 0;

	for (intptr_t i = 0; i < THREADS; i++) {
		int error = pthread_create(&threads[i], NULL, work, (void *)i);
		if (error) {
			printf("pthread_create: %s\n", strerror(error));
			exit(1);
		}
	}
	for (int i = 0; i < THREADS; i++) {
		void *found;
		pthread_join(threads[i], &found);
		sum += (intptr_t)found;
	}
	return sum;
}

static void *count_up(void *number)
{
	(void)number;
	pthread_once(&once, begin);
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&mutex);
		count++;
		pthread_mutex_unlock(&mutex);
		own++;
	}
	return (void *)own;
}

/* Each waits for its turn, and makes it the next one's. */
static void *take_turns(void *number)
{
	static long turn;

	for (int i = 0; i < 50; i++) {
		pthread_mutex_lock(&mutex);
		while (turn % THREADS != (intptr_t)number)
			pthread_cond_wait(&changed, &mutex);
		turn++;
		pthread_cond_broadcast(&changed);
		pthread_mutex_unlock(&mutex);
	}
	return (void *)1;
}

static void *meet(void *number)
{
	long serial = 0;

	(void)number;
	for (int i = 0; i < 20; i++)
		serial += pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD;
	return (void *)serial;
}

static void *read_and_write(void *number)
{
	static long values[2];
	long wrong = 0;

	for (int i = 0; i < 200; i++) {
		if ((i + (intptr_t)number) % 8 == 0) {
			pthread_rwlock_wrlock(&sharing);
			values[0]++;
			values[1]--;
		} else {
			pthread_rwlock_rdlock(&sharing);
			wrong += values[0] + values[1] != 0;
		}
		pthread_rwlock_unlock(&sharing);
	}
	return (void *)wrong;
}

static void drop(void *value)
{
	pthread_mutex_lock(&mutex);
	dropped += (intptr_t)value;
	pthread_mutex_unlock(&mutex);
}

static void *keep(void *number)
{
	pthread_setspecific(key, (void *)((intptr_t)number + 1));
	if ((intptr_t)number % 2)
		pthread_exit((void *)2);
	return (void *)1;
}

static sem_t room, goods;

static void *make(void *number)
{
	(void)number;
	for (int i = 0; i < 100; i++) {
		sem_wait(&room);
		sem_post(&goods);
	}
	return NULL;
}

static void semaphores(void)
{
	pthread_t maker;

	sem_init(&room, 0, 3);
	sem_init(&goods, 0, 0);
	pthread_create(&maker, NULL, make, NULL);
	for (int i = 0; i < 100; i++) {
		sem_wait(&goods);
		sem_post(&room);
	}
	pthread_join(maker, NULL);
	int value;
	sem_getvalue(&room, &value);
	printf("semaphores: %d\n", value);
	int result = sem_trywait(&goods);
	printf("sem_trywait: %d, %s\n", result, strerror(errno));
}

/* What is waited for and does not come. */
static void times(void)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += 20000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&mutex);
	int error = 0;
	while (!error)
		error = pthread_cond_timedwait(&changed, &mutex, &until);
	printf("pthread_cond_timedwait: %s\n", strerror(error));
	printf("pthread_mutex_trylock: %s\n", strerror(pthread_mutex_trylock(&mutex)));
	pthread_mutex_unlock(&mutex);
}

static void *deep(void *bytes)
{
	size_t size = (size_t)bytes;
	volatile char room[size];

	memset((char *)room, 1, size);
	return (void *)(intptr_t)room[size / 2];
}

static void stacks(void)
{
	pthread_attr_t attributes;
	pthread_t thread;
	void *found;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 1 << 20);
	pthread_create(&thread, &attributes, deep, (void *)(900 << 10));
	pthread_join(thread, &found);
	printf("a deep stack: %ld\n", (long)(intptr_t)found);
	pthread_attr_destroy(&attributes);
}

int main(void)
{
	long found = all(count_up);
	printf("counted %ld, found %ld, own %ld, begun %ld\n", count, found, own, begun);
	printf("took turns: %ld\n", all(take_turns));
	pthread_barrier_init(&barrier, NULL, THREADS);
	printf("met: %ld\n", all(meet));
	printf("read what was half written: %ld\n", all(read_and_write));
	pthread_key_create(&key, drop);
	found = all(keep);
	printf("kept: %ld, dropped: %ld\n", found, dropped);
	semaphores();
	times();
	stacks();
	return 0;
}
