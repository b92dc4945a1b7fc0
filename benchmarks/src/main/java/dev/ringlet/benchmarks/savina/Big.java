package dev.ringlet.benchmarks.savina;

import dev.ringlet.benchmarks.savina.Actors.Body;
import dev.ringlet.benchmarks.savina.Actors.Here;
import dev.ringlet.benchmarks.savina.Actors.Ref;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Many to many: each actor pings others at random, one after the other, over all cores. */
final class Big implements Program {
  private static final int ACTORS = 120;
  private static final int PINGS = 4_000;

  private sealed interface Message {}

  private record Neighbours(List<Ref<Message>> all) implements Message {}

  private record Ping(Ref<Message> from) implements Message {}

  private record Pong() implements Message {}

  @Override
  public void run(Actors actors) throws Exception {
    CompletableFuture<Long> result = new CompletableFuture<>();
    AtomicLong ended = new AtomicLong();
    actors
        .<String>spawn(
            () ->
                (start, here) -> {
                  List<Ref<Message>> all = new ArrayList<>();
                  for (int i = 0; i < ACTORS; i++) {
                    int seed = i;
                    all.add(here.spawnSpread(() -> new Member(seed, ended, result)));
                  }
                  all.forEach(member -> member.tell(new Neighbours(all)));
                })
        .tell("start");
    Program.expect(ACTORS, result);
  }

  private static final class Member implements Body<Message> {
    private static final Pong PONG = new Pong();

    private final SplittableRandom random;
    private final AtomicLong ended;
    private final CompletableFuture<Long> result;
    private List<Ref<Message>> all = List.of();
    private Ping ping;
    private int pongs;

    @SuppressWarnings("NullAway.Init") // set by the first message
    Member(int seed, AtomicLong ended, CompletableFuture<Long> result) {
      this.random = new SplittableRandom(seed);
      this.ended = ended;
      this.result = result;
    }

    @Override
    public void receive(Message message, Here<Message> here) {
      if (message instanceof Ping other) {
        other.from().tell(PONG);
        return;
      }
      if (message instanceof Neighbours neighbours) {
        all = neighbours.all();
        ping = new Ping(here.self());
      } else {
        pongs++;
      }
      if (pongs < PINGS) {
        all.get(random.nextInt(all.size())).tell(ping);
      } else if (ended.incrementAndGet() == ACTORS) {
        result.complete((long) ACTORS);
      }
    }
  }
}
