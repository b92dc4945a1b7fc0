package dev.ringlet.examples.limiter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.examples.ExampleProcess;
import dev.ringlet.examples.OnBothDrivers;
import dev.ringlet.examples.kv.Drivers;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.ExecutorStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

@OnBothDrivers
@Timeout(240)
final class LimitPipelineTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int SHARDS = 2;
  private static final Traffic TRAFFIC = new Traffic(50_000, 100, new Limits(10, 20), 7);

  private final String driver;
  private final ActorSystem system;

  LimitPipelineTest(String driver) {
    Drivers.assumeAvailable(driver);
    this.driver = driver;
    this.system = ActorSystem.create("test", ExecutorPool.of(SHARDS).withDriver(driver));
  }

  @AfterEach
  void onlyTheShardsAreLeft() {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(2))
        .until(
            () ->
                system.stats().executors().stream().mapToLong(ExecutorStats::actors).sum()
                    == SHARDS);
    assertEquals(0, system.stats().failures());
    assertEquals(0, system.stats().deadLetters());
    system.close();
  }

  private LimitPipeline pipeline(int parallelism) {
    return new LimitPipeline(system, TRAFFIC.limits(), parallelism);
  }

  /** What one thread with one map decides. */
  private static List<Boolean> expected() {
    Map<Integer, Bucket> buckets = new HashMap<>();
    List<Boolean> verdicts = new ArrayList<>();
    for (Call call : TRAFFIC.flux().toIterable()) {
      verdicts.add(
          buckets
              .computeIfAbsent(
                  call.client(), client -> new Bucket(TRAFFIC.limits(), call.atNanos()))
              .take(call.atNanos()));
    }
    return verdicts;
  }

  @Test
  void shardsDecideAsOneWould() {
    Set<Integer> shards = new HashSet<>();
    StepVerifier.create(
            pipeline(256)
                .verdicts(TRAFFIC.flux())
                .doOnNext(verdict -> shards.add(verdict.shard()))
                .map(Verdict::allowed)
                .collectList())
        .expectNextMatches(expected()::equals)
        .expectComplete()
        .verify(PATIENCE);
    assertEquals(Set.of(0, 1), shards);
  }

  /** From the subscriber up to the source, and into the threads of the shards. */
  @Test
  void contextOfTheSubscriberIsKnownOnBothSidesAndInTheShards() {
    List<String> atTheSource = new CopyOnWriteArrayList<>();
    Flux<Call> calls =
        Flux.deferContextual(
            context -> {
              atTheSource.add(context.get(Trace.KEY));
              return TRAFFIC.flux().take(1000);
            });
    LimitPipeline pipeline = pipeline(16);
    for (String trace : List.of("a", "b")) {
      StepVerifier.create(
              pipeline
                  .verdicts(calls)
                  .map(Verdict::trace)
                  .distinct()
                  .contextWrite(context -> context.put(Trace.KEY, trace)))
          .expectNext(trace)
          .expectComplete()
          .verify(PATIENCE);
    }
    assertEquals(List.of("a", "b"), atTheSource);
    Verdict without = pipeline.verdicts(TRAFFIC.flux().take(1)).blockFirst(PATIENCE);
    assertNull(without.trace());
  }

  @Test
  void commandPrintsItsFigures() throws Exception {
    // The service of this system, which its check looks for.
    pipeline(1);
    try (ExampleProcess limit =
        ExampleProcess.example(
            "limit",
            "--driver",
            driver,
            "--executors",
            "2",
            "--calls",
            "50000",
            "--clients",
            "100",
            "--seed",
            "7")) {
      assertEquals(0, limit.awaitEnd(), () -> limit.output().toString());
      List<String> lines = limit.output();
      long allowed = expected().stream().filter(verdict -> verdict).count();
      assertTrue(lines.get(0).startsWith("50000 calls of 100 clients in "), lines.toString());
      assertEquals("allowed: " + allowed + ", refused: " + (50_000 - allowed), lines.get(1));
      assertTrue(lines.get(2).matches("shard 0: [1-9][0-9]* calls"), lines.toString());
      assertTrue(lines.get(3).matches("shard 1: [1-9][0-9]* calls"), lines.toString());
      assertEquals("trace that the shards saw: limit-1", lines.get(4));
      assertEquals(5, lines.size());
    }
  }

  @Test
  void settingsThatCannotWorkAreRefused() throws Exception {
    pipeline(1);
    for (String option : List.of("--calls", "--clients", "--rate", "--burst", "--parallelism")) {
      assertEquals(2, new CommandLine(new LimitCommand()).execute(option, "0"), option);
    }
  }
}
