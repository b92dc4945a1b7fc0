package dev.ringlet.benchmarks.savina;

import dev.ringlet.benchmarks.savina.Actors.Body;
import dev.ringlet.benchmarks.savina.Actors.Here;
import dev.ringlet.benchmarks.savina.Actors.Ref;
import java.util.concurrent.CompletableFuture;

/** One actor sends a million increments to another one, and then asks for the count. */
final class Counting implements Program {
  private static final int INCREMENTS = 1_000_000;

  private enum Command {
    START,
    INCREMENT,
    RETRIEVE
  }

  @Override
  public void run(Actors actors) throws Exception {
    CompletableFuture<Long> result = new CompletableFuture<>();
    actors
        .<Command>spawn(
            () ->
                (start, here) -> {
                  Ref<Command> counter = here.spawn(() -> new Counter(result));
                  for (int i = 0; i < INCREMENTS; i++) {
                    counter.tell(Command.INCREMENT);
                  }
                  counter.tell(Command.RETRIEVE);
                })
        .tell(Command.START);
    Program.expect(INCREMENTS, result);
  }

  private static final class Counter implements Body<Command> {
    private final CompletableFuture<Long> result;
    private long count;

    Counter(CompletableFuture<Long> result) {
      this.result = result;
    }

    @Override
    public void receive(Command command, Here<Command> here) {
      if (command == Command.INCREMENT) {
        count++;
      } else {
        result.complete(count);
      }
    }
  }
}
