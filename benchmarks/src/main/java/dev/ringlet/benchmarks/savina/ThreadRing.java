package dev.ringlet.benchmarks.savina;

import dev.ringlet.benchmarks.savina.Actors.Body;
import dev.ringlet.benchmarks.savina.Actors.Here;
import dev.ringlet.benchmarks.savina.Actors.Ref;
import java.util.concurrent.CompletableFuture;

/** A token goes round a ring of actors. */
final class ThreadRing implements Program {
  private static final int ACTORS = 100;
  private static final int HOPS = 1_000_000;

  private sealed interface Message {}

  private record Next(Ref<Message> next) implements Message {}

  private record Token(int hops) implements Message {}

  @Override
  public void run(Actors actors) throws Exception {
    CompletableFuture<Long> result = new CompletableFuture<>();
    actors
        .<String>spawn(
            () ->
                (start, here) -> {
                  Ref<Message> first = here.spawn(() -> new Member(result));
                  Ref<Message> last = first;
                  for (int i = 1; i < ACTORS; i++) {
                    Ref<Message> member = here.spawn(() -> new Member(result));
                    last.tell(new Next(member));
                    last = member;
                  }
                  last.tell(new Next(first));
                  first.tell(new Token(HOPS));
                })
        .tell("start");
    Program.expect(0, result);
  }

  private static final class Member implements Body<Message> {
    private final CompletableFuture<Long> result;
    private Ref<Message> next;

    @SuppressWarnings("NullAway.Init") // set by the first message
    Member(CompletableFuture<Long> result) {
      this.result = result;
    }

    @Override
    public void receive(Message message, Here<Message> here) {
      if (message instanceof Next neighbour) {
        next = neighbour.next();
      } else if (message instanceof Token token) {
        if (token.hops() == 0) {
          result.complete(0L);
        } else {
          next.tell(new Token(token.hops() - 1));
        }
      }
    }
  }
}
