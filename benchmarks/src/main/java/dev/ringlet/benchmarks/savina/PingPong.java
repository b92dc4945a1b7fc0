package dev.ringlet.benchmarks.savina;

import dev.ringlet.benchmarks.savina.Actors.Body;
import dev.ringlet.benchmarks.savina.Actors.Here;
import dev.ringlet.benchmarks.savina.Actors.Ref;
import java.util.concurrent.CompletableFuture;

/** Two actors, one message. */
final class PingPong implements Program {
  private static final int ROUND_TRIPS = 500_000;

  private record Ball(Ref<Ball> from) {}

  @Override
  public void run(Actors actors) throws Exception {
    CompletableFuture<Long> result = new CompletableFuture<>();
    Ref<Ball> ping = actors.spawn(() -> new Ping(result));
    ping.tell(new Ball(ping));
    Program.expect(ROUND_TRIPS, result);
  }

  private static final class Ping implements Body<Ball> {
    private final CompletableFuture<Long> result;
    private long trips = -1;
    private Ref<Ball> pong;
    private Ball ball;

    @SuppressWarnings("NullAway.Init") // set by the first message
    Ping(CompletableFuture<Long> result) {
      this.result = result;
    }

    @Override
    public void receive(Ball message, Here<Ball> here) {
      if (trips < 0) {
        pong = here.spawn(() -> (back, pongs) -> back.from().tell(back));
        ball = new Ball(here.self());
      }
      trips++;
      if (trips == ROUND_TRIPS) {
        result.complete(trips);
        here.stop();
      } else {
        pong.tell(ball);
      }
    }
  }
}
