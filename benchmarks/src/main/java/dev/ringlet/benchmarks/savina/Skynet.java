package dev.ringlet.benchmarks.savina;

import dev.ringlet.benchmarks.savina.Actors.Body;
import dev.ringlet.benchmarks.savina.Actors.Here;
import dev.ringlet.benchmarks.savina.Actors.Ref;
import java.util.concurrent.CompletableFuture;

/** A tree of ten children each, a million leaves; each leaf tells its number, each node the sum. */
final class Skynet implements Program {
  private static final int CHILDREN = 10;
  private static final int LEAVES = 1_000_000;

  private sealed interface Message {}

  private record Start(long number, int size, Ref<Message> parent) implements Message {}

  private record Sum(long sum) implements Message {}

  @Override
  public void run(Actors actors) throws Exception {
    CompletableFuture<Long> result = new CompletableFuture<>();
    Ref<Message> end =
        actors.spawn(
            () ->
                (message, here) -> {
                  if (message instanceof Sum sum) {
                    result.complete(sum.sum());
                    here.stop();
                  }
                });
    actors.<Message>spawn(Node::new).tell(new Start(0, LEAVES, end));
    Program.expect((long) LEAVES * (LEAVES - 1) / 2, result);
  }

  private static final class Node implements Body<Message> {
    private Ref<Message> parent;
    private long sum;
    private int left = CHILDREN;

    @SuppressWarnings("NullAway.Init") // set by the first message
    Node() {}

    @Override
    public void receive(Message message, Here<Message> here) {
      if (message instanceof Start start) {
        start(start, here);
      } else if (message instanceof Sum part) {
        sum += part.sum();
        left--;
        if (left == 0) {
          parent.tell(new Sum(sum));
          here.stop();
        }
      }
    }

    private void start(Start start, Here<Message> here) {
      if (start.size() == 1) {
        start.parent().tell(new Sum(start.number()));
        here.stop();
        return;
      }
      parent = start.parent();
      int size = start.size() / CHILDREN;
      for (int i = 0; i < CHILDREN; i++) {
        // The branches of the root are spread over the cores.
        Ref<Message> child =
            start.size() == LEAVES ? here.spawnSpread(Node::new) : here.spawn(Node::new);
        child.tell(new Start(start.number() + (long) i * size, size, here.self()));
      }
    }
  }
}
