package dev.ringlet.scheduler;

import java.util.concurrent.atomic.AtomicInteger;

/** One of those whom a router gives messages to. Any thread. */
final class Routee {
  final ActorCell<?> cell;

  /** Tells it from the others where keys are hashed. */
  final long seed;

  /** Messages that it was given and has not begun with, where that decides who gets the next. */
  final AtomicInteger waiting = new AtomicInteger();

  Routee(ActorCell<?> cell, long seed) {
    this.cell = cell;
    this.seed = seed;
  }
}
