package dev.ringlet.benchmarks.savina;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The same programs on Ringlet and on Pekko typed, milliseconds each. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 10)
@Measurement(iterations = 10)
@Fork(1)
public class SavinaBenchmark {
  /** The library under the programs; Ringlet with either driver. */
  @Param({"ringlet-uring", "ringlet-nio", "pekko"})
  public String library = "ringlet-uring";

  private Actors actors;

  /** Made by the harness. */
  @SuppressWarnings("NullAway.Init") // filled by open
  public SavinaBenchmark() {}

  @Setup
  public void open() {
    actors =
        library.equals("pekko")
            ? new PekkoActors()
            : new RingletActors(library.substring("ringlet-".length()));
  }

  @TearDown
  public void close() {
    actors.close();
  }

  @Benchmark
  public void pingPong() throws Exception {
    new PingPong().run(actors);
  }

  @Benchmark
  public void counting() throws Exception {
    new Counting().run(actors);
  }

  @Benchmark
  public void forkJoinThroughput() throws Exception {
    ForkJoin.throughput().run(actors);
  }

  @Benchmark
  public void forkJoinCreate() throws Exception {
    ForkJoin.create().run(actors);
  }

  @Benchmark
  public void threadRing() throws Exception {
    new ThreadRing().run(actors);
  }

  @Benchmark
  public void chameneos() throws Exception {
    new Chameneos().run(actors);
  }

  @Benchmark
  public void big() throws Exception {
    new Big().run(actors);
  }

  @Benchmark
  public void concurrentDictionary() throws Exception {
    new ConcurrentDictionary().run(actors);
  }

  @Benchmark
  public void bankTransaction() throws Exception {
    new BankTransaction().run(actors);
  }

  @Benchmark
  public void skynet() throws Exception {
    new Skynet().run(actors);
  }
}
