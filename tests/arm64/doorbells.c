// What instructions.sh is tried on: a store to a device, ordered rightly and wrongly.
#include <stdint.h>

void rung_behind_the_barrier(volatile uint64_t* doorbell) {
  __asm__ volatile("dmb oshst" ::: "memory");
  *doorbell = 1;
}

void rung_ahead_of_the_barrier(volatile uint64_t* doorbell) {
  *doorbell = 1;
  __asm__ volatile("dmb oshst" ::: "memory");
}
