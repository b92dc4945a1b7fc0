package dev.ringlet.reactive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.IoBuffer;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Pipelines of Reactor over received buffers that are cancelled at any moment, on any driver. Each
 * keeps to what {@link Publishers#from} says, and no buffer is lost.
 */
abstract class ReactorReleaseContract {
  private static final int ROUNDS = 12;

  private final String driver;
  private TestSystem system;

  ReactorReleaseContract(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    Hooks.onNextDropped(Values::giveBack);
    system = TestSystem.open(driver);
  }

  @AfterEach
  void close() {
    Hooks.resetOnNextDropped();
    if (system != null) {
      system.close();
    }
  }

  @Test
  void filterGivesBackWhatItLeavesOut() throws IOException {
    cancelAtAnyMoment(
        buffers ->
            buffers
                .filter(buffer -> buffer.readable().getLong() % 3 == 0)
                .map(ReactorReleaseContract::readAndRelease));
  }

  /** The hop between threads is behind the last use of a buffer. */
  @Test
  void publishOnHasWhatWasReadOfABuffer() throws IOException {
    cancelAtAnyMoment(
        buffers ->
            buffers
                .map(ReactorReleaseContract::readAndRelease)
                .publishOn(Schedulers.parallel(), 64));
  }

  /** Buffers themselves move by this. */
  @Test
  void onExecutorGivesBackWhatIsInItsQueue() throws IOException {
    cancelAtAnyMoment(
        buffers ->
            Flux.from(
                    Processors.onExecutor(
                        buffers,
                        system.executor(),
                        DemandOptions.<IoBuffer>batch(16).withDiscard(IoBuffer::release)))
                .map(ReactorReleaseContract::readAndRelease));
  }

  @Test
  void limitRateGivesBackWhatIsInItsQueue() throws IOException {
    cancelAtAnyMoment(buffers -> buffers.limitRate(16).map(ReactorReleaseContract::readAndRelease));
  }

  @Test
  void takeGivesBackWhatComesTooMuch() throws IOException {
    cancelAtAnyMoment(
        buffers ->
            buffers
                .limitRate(20)
                .take(60)
                .map(ReactorReleaseContract::readAndRelease)
                .concatWith(Flux.never()));
  }

  /** Whatever becomes of the inner stream, its buffer goes with it. */
  @Test
  void flatMapReleasesWithTheInnerStream() throws IOException {
    cancelAtAnyMoment(
        buffers ->
            buffers.flatMap(
                buffer ->
                    Mono.using(
                        () -> buffer,
                        held ->
                            Mono.just(held.readable().getLong()).publishOn(Schedulers.parallel()),
                        IoBuffer::release),
                8));
  }

  @Test
  void bufferGivesBackWhatItGathers() throws IOException {
    cancelAtAnyMoment(
        buffers ->
            buffers
                .buffer(7)
                .map(
                    several -> {
                      several.forEach(IoBuffer::release);
                      return (long) several.size();
                    }));
  }

  @Test
  void failureOfAnOperatorGivesBackWhatIsBehindIt() throws IOException {
    cancelAtAnyMoment(
        buffers ->
            buffers
                .limitRate(32)
                .map(
                    buffer -> {
                      long number = readAndRelease(buffer);
                      if (number == 100) {
                        throw new IllegalStateException("thrown by the test's operator");
                      }
                      return number;
                    })
                .onErrorComplete()
                .concatWith(Flux.never()));
  }

  /** What it has got it has released; what waits behind it comes back. */
  @Test
  void subscriberThatThrowsCancels() throws IOException {
    try (Peer peer = Peer.sending(system.io(), Peer.ENDLESS)) {
      CompletableFuture<Throwable> failure = new CompletableFuture<>();
      AtomicInteger seen = new AtomicInteger();
      Flux.from(Publishers.from(peer.stream().receive()))
          .limitRate(16)
          .doOnDiscard(IoBuffer.class, IoBuffer::release)
          .subscribe(
              buffer -> {
                buffer.release();
                if (seen.incrementAndGet() == 20) {
                  throw new IllegalStateException("thrown by the test's subscriber");
                }
              },
              failure::complete);
      assertInstanceOf(IllegalStateException.class, TestSystem.get(failure));
      system.awaitQuiescence();
      assertEquals(20, seen.get());
    }
  }

  /** No publisher of ours gives one, but others may. */
  @Test
  void elementAfterTheEndGoesToTheHook() {
    ManualUpstream<IoBuffer> upstream = new ManualUpstream<>();
    Probe<IoBuffer> probe = new Probe<>();
    Flux.from(upstream).filter(buffer -> buffer.readableBytes() > 0).subscribe(probe);
    IoBuffer late = TestSystem.get(system.io().bufferWhenFree(10));
    upstream.complete();
    upstream.send(late);
    assertTrue(late.isReleased());
    assertTrue(probe.hasCompleted());
  }

  private static long readAndRelease(IoBuffer buffer) {
    long number = buffer.readable().getLong();
    buffer.release();
    return number;
  }

  /** One more element each time, and then no wait for it. */
  private void cancelAtAnyMoment(Function<Flux<IoBuffer>, Flux<Long>> pipeline) throws IOException {
    Scheduler home = Schedulers.fromExecutor(system.executor());
    for (int round = 0; round < ROUNDS; round++) {
      try (Peer peer = Peer.sending(system.io(), Peer.ENDLESS)) {
        AtomicInteger seen = new AtomicInteger();
        int wanted = round * round / 3;
        Disposable running =
            pipeline
                .apply(Flux.from(Publishers.from(peer.stream().receive())))
                .doOnDiscard(IoBuffer.class, IoBuffer::release)
                .cancelOn(home)
                .subscribe(number -> seen.incrementAndGet());
        TestSystem.awaitUntil(() -> seen.get() >= wanted);
        running.dispose();
        system.awaitQuiescence();
      }
      assertEquals(0, system.system().stats().failures());
    }
  }
}
