"""Writes prices.csv, new.csv and tested.csv: 300 invented flats with their prices, 5 without, and 40 others with.

Run it with `python3 docs/data/prices.py` in the root of the repository.
"""

import random

random.seed(17)
QUARTERS = {"hill": 60, "centre": 110, "port": 20, "station": 0}


def flat():
    area = round(random.uniform(28, 140), 1)
    rooms = max(1, round(area / 28 + random.gauss(0, 0.6)))
    built = random.randint(1905, 2024)
    quarter = random.choice(list(QUARTERS))
    value = 2.9 * area + 9 * rooms + QUARTERS[quarter] + 0.004 * area * QUARTERS[quarter]
    age = max(0.0, (1985 - built) / 80)
    return area, rooms, built, quarter, round(value * (1 - 0.25 * age) + random.gauss(0, 9), 1)


with open("docs/data/prices.csv", "w") as file:
    print("area,rooms,built,quarter,price", file=file)
    for _ in range(300):
        print(*flat(), sep=",", file=file)

with open("docs/data/new.csv", "w") as file:
    print("area,rooms,built,quarter", file=file)
    for _ in range(5):
        print(*flat()[:-1], sep=",", file=file)

with open("docs/data/tested.csv", "w") as file:
    print("area,rooms,built,quarter,price", file=file)
    for _ in range(40):
        print(*flat(), sep=",", file=file)
