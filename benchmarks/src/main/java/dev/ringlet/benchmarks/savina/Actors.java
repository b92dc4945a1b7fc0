package dev.ringlet.benchmarks.savina;

import java.util.function.Supplier;

/** As much of an actor library as the programs need. */
interface Actors extends AutoCloseable {
  /** Spawns a top-level actor; those that are spawned one after the other share the cores. */
  <M> Ref<M> spawn(Supplier<Body<M>> factory);

  @Override
  void close();

  /** An address. */
  interface Ref<M> {
    void tell(M message);
  }

  /** What an actor does. */
  interface Body<M> {
    void receive(M message, Here<M> here);
  }

  /** What an actor may do in its turn. */
  interface Here<M> {
    Ref<M> self();

    /** Spawns a child, where this actor lives if the library has such a place. */
    <C> Ref<C> spawn(Supplier<Body<C>> factory);

    /** Spawns a child; those that are spawned one after the other share the cores. */
    <C> Ref<C> spawnSpread(Supplier<Body<C>> factory);

    void stop();
  }
}
