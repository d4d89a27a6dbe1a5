#pragma once
int drn_placeholder(void);
