package dev.ringlet.benchmarks.savina;

import dev.ringlet.benchmarks.savina.Actors.Body;
import dev.ringlet.benchmarks.savina.Actors.Here;
import dev.ringlet.benchmarks.savina.Actors.Ref;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Workers read and write one map, one request at a time. */
final class ConcurrentDictionary implements Program {
  private static final int WORKERS = 20;
  private static final int REQUESTS = 10_000;
  private static final int WRITE_PERCENT = 10;
  private static final int KEYS = 1 << 16;

  private sealed interface Request {}

  private record Write(Ref<Integer> from, int key, int value) implements Request {}

  private record Read(Ref<Integer> from, int key) implements Request {}

  @Override
  public void run(Actors actors) throws Exception {
    CompletableFuture<Long> result = new CompletableFuture<>();
    AtomicLong ended = new AtomicLong();
    Ref<Request> dictionary = actors.spawn(Dictionary::new);
    for (int i = 0; i < WORKERS; i++) {
      int seed = i;
      actors.<Integer>spawn(() -> new Worker(seed, dictionary, ended, result)).tell(0);
    }
    Program.expect(WORKERS, result);
  }

  private static final class Dictionary implements Body<Request> {
    private final Map<Integer, Integer> map = new HashMap<>();

    @Override
    public void receive(Request request, Here<Request> here) {
      if (request instanceof Write write) {
        map.put(write.key(), write.value());
        write.from().tell(write.value());
      } else if (request instanceof Read read) {
        read.from().tell(map.getOrDefault(read.key(), 0));
      }
    }
  }

  private static final class Worker implements Body<Integer> {
    private final SplittableRandom random;
    private final Ref<Request> dictionary;
    private final AtomicLong ended;
    private final CompletableFuture<Long> result;
    private int sent;

    Worker(int seed, Ref<Request> dictionary, AtomicLong ended, CompletableFuture<Long> result) {
      this.random = new SplittableRandom(seed);
      this.dictionary = dictionary;
      this.ended = ended;
      this.result = result;
    }

    @Override
    public void receive(Integer value, Here<Integer> here) {
      if (sent < REQUESTS) {
        sent++;
        int key = random.nextInt(KEYS);
        dictionary.tell(
            random.nextInt(100) < WRITE_PERCENT
                ? new Write(here.self(), key, sent)
                : new Read(here.self(), key));
      } else {
        here.stop();
        if (ended.incrementAndGet() == WORKERS) {
          result.complete((long) WORKERS);
        }
      }
    }
  }
}
