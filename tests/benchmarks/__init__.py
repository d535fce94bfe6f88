"""How fast bpviz is, each thing beside a peer or a floor in the same run: python -m tests.benchmarks.

pip install ".[bench]" brings the peers. A peer that is missing is told of in its row.
"""
