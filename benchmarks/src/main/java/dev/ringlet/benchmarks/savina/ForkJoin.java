package dev.ringlet.benchmarks.savina;

import dev.ringlet.benchmarks.savina.Actors.Body;
import dev.ringlet.benchmarks.savina.Actors.Here;
import dev.ringlet.benchmarks.savina.Actors.Ref;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Many actors that get so many messages each, and stop. */
final class ForkJoin implements Program {
  private final int actorCount;
  private final int messages;

  private ForkJoin(int actorCount, int messages) {
    this.actorCount = actorCount;
    this.messages = messages;
  }

  static ForkJoin throughput() {
    return new ForkJoin(60, 10_000);
  }

  static ForkJoin create() {
    return new ForkJoin(40_000, 1);
  }

  @Override
  public void run(Actors actors) throws Exception {
    CompletableFuture<Long> result = new CompletableFuture<>();
    AtomicLong ended = new AtomicLong();
    actors
        .<String>spawn(
            () ->
                (start, here) -> {
                  List<Ref<String>> workers = new ArrayList<>();
                  for (int i = 0; i < actorCount; i++) {
                    workers.add(here.spawnSpread(() -> new Worker(ended, result)));
                  }
                  for (int i = 0; i < messages; i++) {
                    for (Ref<String> worker : workers) {
                      worker.tell("work");
                    }
                  }
                })
        .tell("start");
    Program.expect(actorCount, result);
  }

  private final class Worker implements Body<String> {
    private final AtomicLong ended;
    private final CompletableFuture<Long> result;
    private int got;
    private double value = 37.2;

    Worker(AtomicLong ended, CompletableFuture<Long> result) {
      this.ended = ended;
      this.result = result;
    }

    @Override
    public void receive(String message, Here<String> here) {
      value = Math.sin(value) * Math.sin(value);
      got++;
      if (got == messages) {
        here.stop();
        if (value >= 0 && ended.incrementAndGet() == actorCount) {
          result.complete((long) actorCount);
        }
      }
    }
  }
}
