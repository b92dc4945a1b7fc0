package dev.ringlet.reactive;

import com.typesafe.config.ConfigFactory;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.AsPublisher;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.reactivestreams.Publisher;

/** With Pekko Streams. */
final class PekkoTest extends RoundTripContract {
  private static ActorSystem pekko;

  @BeforeAll
  static void startPekko() {
    pekko = ActorSystem.create("test", ConfigFactory.parseString("pekko.loglevel = OFF"));
  }

  @AfterAll
  static void stopPekko() {
    pekko.terminate();
    TestSystem.get(pekko.getWhenTerminated().toCompletableFuture());
  }

  @Override
  Publisher<Long> operate(Publisher<Long> upstream) {
    return Source.fromPublisher(upstream)
        .grouped(10)
        .async()
        .mapConcat(numbers -> numbers)
        .runWith(Sink.asPublisher(AsPublisher.WITHOUT_FANOUT), pekko);
  }
}
