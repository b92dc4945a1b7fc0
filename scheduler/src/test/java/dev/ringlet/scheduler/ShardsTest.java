package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.actor.ActorStoppedException;
import dev.ringlet.actor.ActorSystem;
import dev.ringlet.actor.ShardedRef;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A service with one actor per executor. */
@OnBothDrivers
final class ShardsTest {
  private static final Duration PATIENCE = Systems.PATIENCE;

  private final String driver;
  private ActorSystem system;

  ShardsTest(String driver) {
    this.driver = driver;
  }

  private sealed interface Message permits Add, Get, Size, Where {}

  private record Add(String key, int amount) implements Message {}

  private record Get(String key, ActorRef<Integer> replyTo) implements Message {}

  private record Size(ActorRef<Integer> replyTo) implements Message {}

  private record Where(ActorRef<Integer> replyTo) implements Message {}

  private static final class Counts implements Actor<Message> {
    private final Map<String, Integer> counts = new HashMap<>();

    @Override
    public void receive(Message message, ActorContext<Message> context) {
      if (message instanceof Add add) {
        counts.merge(add.key(), add.amount(), Integer::sum);
      } else if (message instanceof Get get) {
        get.replyTo().tell(counts.getOrDefault(get.key(), 0));
      } else if (message instanceof Size size) {
        size.replyTo().tell(counts.size());
      } else if (message instanceof Where where) {
        where.replyTo().tell(context.executor().index());
      }
    }
  }

  private static Object keyOf(Message message) {
    if (message instanceof Add add) {
      return add.key();
    }
    return message instanceof Get get ? get.key() : "";
  }

  @BeforeEach
  void open() {
    system = Systems.open(driver, 3);
  }

  @AfterEach
  void close() {
    system.close();
  }

  private ShardedRef<Message> spawn(String name) {
    return system.spawnSharded(name, index -> new Counts(), ShardsTest::keyOf);
  }

  @Test
  void aMessageGoesToTheShardOfItsKeyAndSoDoesAQuestion() {
    ShardedRef<Message> service = spawn("counts");
    for (int i = 0; i < 1000; i++) {
      service.tell(new Add("key " + i % 100, 1));
    }
    for (int i = 0; i < 100; i++) {
      String key = "key " + i;
      assertEquals(
          10, Systems.get(service.<Integer>ask(replyTo -> new Get(key, replyTo), PATIENCE)));
    }
    List<Integer> sizes = Systems.get(service.<Integer>askAll(Size::new, PATIENCE));
    assertEquals(100, sizes.stream().mapToInt(Integer::intValue).sum());
    assertTrue(sizes.stream().allMatch(size -> size > 10), "unevenly spread: " + sizes);
    assertEquals("/test/counts", service.path());
  }

  @Test
  void thereIsOneShardOnEachExecutor() {
    ShardedRef<Message> service = spawn("counts");
    Set<Integer> executors =
        new HashSet<>(Systems.get(service.<Integer>askAll(Where::new, PATIENCE)));
    assertEquals(Set.of(0, 1, 2), executors);
    assertEquals(3, service.shards().size());
  }

  @Test
  void allAreToldAndAskedWithAFold() {
    ShardedRef<Message> service = spawn("counts");
    service.tellAll(new Add("everywhere", 7));
    int sum = Systems.get(service.<Integer, Integer>askAll(Size::new, PATIENCE, 0, Integer::sum));
    assertEquals(3, sum);
  }

  @Test
  void aNameThatIsTakenLeavesNoShardBehind() {
    system.spawn(() -> (message, context) -> {}, ActorOptions.named("counts-2"));
    assertThrows(IllegalArgumentException.class, () -> spawn("counts"));
    Systems.awaitUntil(
        () ->
            system.stats().executors().stream().mapToLong(executor -> executor.actors()).sum()
                == 1);
  }

  @Test
  void aServiceIsStoppedAsAWholeAndThenAnswersWithAFailure() {
    ShardedRef<Message> service = spawn("counts");
    system.stop(service);
    Systems.awaitUntil(
        () ->
            system.stats().executors().stream().mapToLong(executor -> executor.actors()).sum()
                == 0);
    CompletionException failure =
        assertThrows(
            CompletionException.class,
            () -> Systems.get(service.<Integer>askAll(Size::new, PATIENCE)));
    assertInstanceOf(ActorStoppedException.class, failure.getCause());
  }

  @Test
  void aMessageWithoutAKeyIsRefused() {
    ShardedRef<String> service =
        system.spawnSharded("texts", index -> (message, context) -> {}, message -> null);
    assertTrue(
        assertThrows(NullPointerException.class, () -> service.tell("x"))
            .getMessage()
            .contains("keyOf"));
  }
}
