package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringlet.actor.ActorSystem;
import dev.ringlet.executor.ActorExecutor;
import dev.ringlet.executor.Cpu;
import dev.ringlet.executor.CpuSet;
import dev.ringlet.executor.ExecutorPool;
import dev.ringlet.executor.Placement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.logging.Level;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where threads run, as the kernel tells it. */
final class PinningTest {
  private static final Path STATUS = Path.of("/proc/thread-self/status");

  private static String allowedCpus() {
    return allowedCpus(STATUS);
  }

  private static String allowedCpus(Path status) {
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("Cpus_allowed_list:"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many CPUs a list such as "0-3,8" has. */
  private static int count(String cpus) {
    int count = 0;
    for (String range : cpus.split(",", -1)) {
      String[] ends = range.split("-", -1);
      count += Integer.parseInt(ends[ends.length - 1]) - Integer.parseInt(ends[0]) + 1;
    }
    return count;
  }

  private static String allowedCpus(ActorExecutor executor) {
    CompletableFuture<String> told = new CompletableFuture<>();
    executor.execute(() -> told.complete(allowedCpus()));
    return Systems.get(told);
  }

  @Test
  void eachExecutorHasItsOwnCpu() {
    assumeTrue(Files.exists(STATUS), "not Linux");
    try (ActorSystem system = ActorSystem.create("pinned", ExecutorPool.defaults())) {
      List<ActorExecutor> executors = system.executors();
      assertEquals(Runtime.getRuntime().availableProcessors(), executors.size());
      long distinct =
          executors.stream().map(executor -> executor.cpu().orElseThrow()).distinct().count();
      assertEquals(executors.size(), distinct);
      for (ActorExecutor executor : executors) {
        assertEquals(String.valueOf(executor.cpu().orElseThrow()), allowedCpus(executor));
      }
    }
  }

  @Test
  void moreExecutorsThanCpusRunUnpinnedAndTheLogSaysSoOnce() {
    assumeTrue(Files.exists(STATUS), "not Linux");
    int many = count(allowedCpus()) + 1;
    try (LogCapture log = LogCapture.of(Pinning.class);
        ActorSystem system = ActorSystem.create("many", ExecutorPool.of(many))) {
      for (ActorExecutor executor : system.executors()) {
        assertEquals(OptionalInt.empty(), executor.cpu());
        assertEquals(allowedCpus(), allowedCpus(executor));
      }
      List<String> said = log.messages(Level.INFO);
      assertEquals(1, said.size(), said.toString());
      assertTrue(said.get(0).contains(many + " executors"), said.get(0));
    }
  }

  @Test
  void whoWantsNoPinningGetsNone() {
    try (LogCapture log = LogCapture.of(Pinning.class);
        ActorSystem system =
            ActorSystem.create("free", ExecutorPool.of(1).withPlacement(Placement.unbound()))) {
      assertEquals(OptionalInt.empty(), system.executors().get(0).cpu());
      assertEquals(List.of(), log.messages(Level.INFO));
    }
  }

  @Test
  void aPlacementIsMetOnTheKernelsWord() {
    assumeTrue(Files.exists(STATUS), "not Linux");
    CpuSet all = CpuSet.available();
    int last = all.numbers()[all.size() - 1];
    try (ActorSystem system =
        ActorSystem.create("fixed", ExecutorPool.of(1).withPlacement(Placement.fixed(last)))) {
      assertEquals(String.valueOf(last), allowedCpus(system.executors().get(0)));
      assertEquals(OptionalInt.of(last), system.executors().get(0).cpu());
    }
    try (ActorSystem system =
        ActorSystem.create("fenced", ExecutorPool.of(3).withPlacement(Placement.fenced(all)))) {
      for (ActorExecutor executor : system.executors()) {
        assertEquals(all.toString(), allowedCpus(executor));
        assertEquals(all, executor.cpus());
      }
    }
  }

  /** Threads inherit the CPUs of the one that starts them. */
  @Test
  void workThatBlocksDoesNotStayOnTheCpuOfItsExecutor() {
    assumeTrue(Files.exists(STATUS), "not Linux");
    int cpu = CpuSet.available().numbers()[0];
    try (ActorSystem system =
        ActorSystem.create("pinned", ExecutorPool.of(1).withPlacement(Placement.fixed(cpu)))) {
      CompletableFuture<CompletionStage<String>> begun = new CompletableFuture<>();
      system
          .executors()
          .get(0)
          .execute(() -> begun.complete(system.offload(PinningTest::allowedCpus)));
      assertEquals(allowedCpus(), Systems.get(Systems.get(begun)));
    }
  }

  @Test
  void threadsForFilesDoNotStayOnTheCpuOfTheirExecutor(@TempDir Path directory) throws IOException {
    assumeTrue(Files.exists(STATUS), "not Linux");
    int cpu = CpuSet.available().numbers()[0];
    try (ActorSystem system =
        ActorSystem.create(
            "pinned", ExecutorPool.of(1).withDriver("nio").withPlacement(Placement.fixed(cpu)))) {
      Set<Path> before = threads();
      Path file = Files.writeString(directory.resolve("file"), "text");
      Systems.value(system.executors().get(0), io -> io.open(file, StandardOpenOption.READ));
      List<String> started = new ArrayList<>();
      for (Path thread : threads()) {
        if (!before.contains(thread)
            && Files.readString(thread.resolve("comm")).startsWith("ringlet")) {
          started.add(allowedCpus(thread.resolve("status")));
        }
      }
      assertEquals(List.of(allowedCpus()), started);
    }
  }

  private static Set<Path> threads() throws IOException {
    try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
      return threads.collect(Collectors.toSet());
    }
  }

  @Test
  void aPlacementThatCannotBeMetIsAnErrorAndNothingRuns() {
    RuntimeException failure =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                ActorSystem.create(
                    "nowhere", ExecutorPool.of(1).withPlacement(Placement.fixed(100_000))));
    assertTrue(failure.getMessage().contains("CPU 100000"), failure.getMessage());
    assertTrue(
        Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> thread.getName().startsWith("ringlet-nowhere")));
  }

  @Test
  void aContainerWithASmallQuotaIsNotPinned() {
    try (LogCapture log = LogCapture.of(Pinning.class)) {
      CpuSet eight = CpuSet.of(IntStream.range(0, 8).mapToObj(PinningTest::core).toList());
      Pinning plan = Pinning.plan(null, 4, eight, 2);
      assertEquals(CpuSet.empty(), plan.pin(0));
      assertFalse(plan.isDedicated(0));
      assertTrue(
          log.messages(Level.INFO).get(0).contains("may use 2 CPUs"),
          log.messages(Level.INFO).toString());
      assertTrue(Pinning.plan(null, 2, eight, 2).isDedicated(1));
      assertFalse(Pinning.plan(Placement.fenced(eight), 2, eight, 2).isDedicated(1));
    }
  }

  private static Cpu core(int number) {
    return new Cpu(number, number, 0, 0);
  }
}
