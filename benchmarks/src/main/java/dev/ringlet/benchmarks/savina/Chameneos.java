package dev.ringlet.benchmarks.savina;

import dev.ringlet.benchmarks.savina.Actors.Body;
import dev.ringlet.benchmarks.savina.Actors.Here;
import dev.ringlet.benchmarks.savina.Actors.Ref;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Creatures that meet at a mall, two at a time, and take each other's colour into account. */
final class Chameneos implements Program {
  private static final int CREATURES = 100;
  private static final int MEETINGS = 200_000;

  private sealed interface Message {}

  private record Meet(Ref<Message> from, int colour) implements Message {}

  private record Changed(int colour) implements Message {}

  private record Exit() implements Message {}

  private record Count(int meetings) implements Message {}

  @Override
  public void run(Actors actors) throws Exception {
    CompletableFuture<Long> result = new CompletableFuture<>();
    Ref<Message> mall = actors.spawn(() -> new Mall(result));
    mall.tell(new Exit());
    Program.expect(2L * MEETINGS, result);
  }

  private static final class Mall implements Body<Message> {
    private final CompletableFuture<Long> result;
    private int meetings;
    private int gone;
    private long sum;
    private @Nullable Meet waiting;

    Mall(CompletableFuture<Long> result) {
      this.result = result;
    }

    @Override
    public void receive(Message message, Here<Message> here) {
      if (message instanceof Meet meet) {
        meet(meet);
      } else if (message instanceof Count count) {
        sum += count.meetings();
        gone++;
        if (gone == CREATURES) {
          result.complete(sum);
          here.stop();
        }
      } else {
        for (int i = 0; i < CREATURES; i++) {
          int colour = i % 3;
          Ref<Message> mall = here.self();
          here.<Message>spawn(() -> new Creature(mall, colour)).tell(new Changed(colour));
        }
      }
    }

    private void meet(Meet meet) {
      Meet other = waiting;
      if (meetings == MEETINGS) {
        meet.from().tell(new Exit());
      } else if (other == null) {
        waiting = meet;
      } else {
        waiting = null;
        meetings++;
        other.from().tell(meet);
      }
    }
  }

  private static final class Creature implements Body<Message> {
    private final Ref<Message> mall;
    private int colour;
    private int meetings = -1;

    Creature(Ref<Message> mall, int colour) {
      this.mall = mall;
      this.colour = colour;
    }

    @Override
    public void receive(Message message, Here<Message> here) {
      if (message instanceof Exit) {
        mall.tell(new Count(meetings));
        here.stop();
        return;
      }
      meetings++;
      if (message instanceof Meet other) {
        colour = complement(colour, other.colour());
        other.from().tell(new Changed(colour));
      } else if (message instanceof Changed changed) {
        colour = changed.colour();
      }
      mall.tell(new Meet(here.self(), colour));
    }

    private static int complement(int one, int other) {
      return one == other ? one : 3 - one - other;
    }
  }
}
